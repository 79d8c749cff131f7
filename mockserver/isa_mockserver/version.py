"""Which version of the server this is."""

from __future__ import annotations

from functools import cache


@cache
def server_version() -> str:
    """The version of the installed distribution; `0+unknown` where the source runs uninstalled."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("isa-user")
    except PackageNotFoundError:
        return "0+unknown"
