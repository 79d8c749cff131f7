"""What webhooks bring to a World."""

from __future__ import annotations

from collections.abc import Mapping

from isa_mockserver.kernel.world import JobHandler

from .endpoints import RETRY_JOB
from .model import TABLES
from .outbox import retry

JOBS: Mapping[str, JobHandler] = {RETRY_JOB: retry}

__all__ = ["JOBS", "TABLES"]
