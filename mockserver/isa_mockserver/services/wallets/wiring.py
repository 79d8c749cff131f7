"""What the composition root mounts of the wallets slice."""

from __future__ import annotations

from collections.abc import Mapping

from isa_mockserver.kernel.world import JobHandler

from .control import CONTROL
from .model import TABLES
from .routes import routes
from .service import REACTORS, deposit, seed_wallet, set_frozen

JOBS: Mapping[str, JobHandler] = {}
"""Wallets have no due work of their own: what is late settles in payments."""

__all__ = ["CONTROL", "JOBS", "REACTORS", "TABLES", "deposit", "routes", "seed_wallet", "set_frozen"]
