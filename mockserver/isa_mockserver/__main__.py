"""The entry point of `isa-mockserver` and `python -m isa_mockserver`."""

from __future__ import annotations

import sys
from importlib.util import find_spec

_NEEDED = ("click", "starlette", "uvicorn", "httptools")


def main() -> None:
    """Run the command line; without the server's libraries, say what to install and exit 1."""
    if any(find_spec(name) is None for name in _NEEDED):
        sys.exit('The reference server is not installed; install it with: pip install "isa-user[mockserver]"')
    from .cli import cli

    cli(prog_name="isa-mockserver")


if __name__ == "__main__":
    main()
