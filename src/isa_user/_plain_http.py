"""Telling, once a host, that a token would travel in clear text."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

__all__ = ["InsecureTransportWarning", "warn_about_plain_http"]

# Names that no public DNS answers for (RFC 6761, RFC 6762, RFC 9476, ICANN's .internal).
_PRIVATE_DOMAINS: Final = (".alt", ".example", ".internal", ".invalid", ".local", ".localhost", ".test")
_OWN_FILES: Final = os.path.dirname(__file__)
_told: set[str] = set()


class InsecureTransportWarning(UserWarning):
    """A base URL is plain ``http://`` and its host may be on the public internet: use ``https://``."""


def warn_about_plain_http(urls: Iterable[str]) -> None:
    """Issue an InsecureTransportWarning for each host that is new, may be public, and has no TLS."""
    for url in urls:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme == "http" and host not in _told and _may_be_public(host):
            _told.add(host)
            warnings.warn(
                f"The access token goes to {host} in clear text, for everybody on the way to read: "
                "use an https:// base URL.",
                InsecureTransportWarning,
                stacklevel=_first_frame_outside(),
            )


def _may_be_public(host: str) -> bool:
    if "." not in host and ":" not in host:
        # localhost, or a neighbour's name in a private network, such as a container's.
        return False
    if host.endswith(_PRIVATE_DOMAINS):
        return False
    from ipaddress import ip_address

    try:
        return ip_address(host).is_global
    except ValueError:
        return True


def _first_frame_outside() -> int:
    """The ``stacklevel`` that names the caller's own line, seen from ``warn_about_plain_http``."""
    level = 1
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_OWN_FILES):
        frame, level = frame.f_back, level + 1
    return level
