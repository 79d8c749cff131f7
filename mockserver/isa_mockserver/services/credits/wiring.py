"""What the composition root mounts of the credits slice."""

from __future__ import annotations

from collections.abc import Mapping

from isa_mockserver.kernel.world import JobHandler

from .control import CONTROL
from .model import TABLES
from .routes import routes
from .service import REACTORS, announce_expiry, give, run_out, seed_credits, sweep, total_credits

JOBS: Mapping[str, JobHandler] = {
    "hold_expiry": run_out,
    "grant_expiry": sweep,
    "expiring_soon": announce_expiry,
}

__all__ = ["CONTROL", "JOBS", "REACTORS", "TABLES", "give", "routes", "seed_credits", "total_credits"]
