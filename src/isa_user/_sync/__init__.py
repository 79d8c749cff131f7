# Made by scripts/sync_twin.py from _async/__init__.py; change that file instead.
# ruff: noqa: I001, RUF100
# fmt: off
"""The sync clients: the source from which ``scripts/sync_twin.py`` makes ``_sync``."""
