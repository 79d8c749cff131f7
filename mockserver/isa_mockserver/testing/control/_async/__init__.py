"""The async client of the control API; its sync twin is made from it."""

from .client import MockControl

__all__ = ["MockControl"]
