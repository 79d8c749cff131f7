"""The two drivers: they perform, in their colour, what ``_flow`` yields. All policy is there."""

from isa_user._core._async_core import AsyncCore
from isa_user._core._sync_core import SyncCore

__all__ = ["AsyncCore", "SyncCore"]
