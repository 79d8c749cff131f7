# Made by scripts/sync_twin.py from _async/__init__.py; change that file instead.
# ruff: noqa: I001, RUF100
# fmt: off
"""The sync client of the control API."""

from .client import SyncMockControl

__all__ = ["SyncMockControl"]
