"""The command line: `isa-mockserver serve`, and commands that talk to a running server."""

from __future__ import annotations

from .group import cli

__all__ = ["cli"]
