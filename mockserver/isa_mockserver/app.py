"""The composition root: slices, jobs and reactors make a Blueprint; a World and routes make the apps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from .kernel.clock import Clock
from .kernel.idempotency import ANSWERS
from .kernel.ids import IdSource, draw_id_seed
from .kernel.users import USERS
from .kernel.world import Blueprint, World
from .web.route import Route
from .web.runtime import Authenticator, Runtime
from .web.service import build_app, endpoint_routes
from .web.wire import ASGIApp

SeedName = Literal["none", "demo"]

DOCUMENTED_PORTS: Mapping[str, int] = {
    "payments": 8207,
    "wallets": 8208,
    "billing": 8216,
    "subscriptions": 8228,
    "credits": 8229,
}
GATEWAY_PORT = 8200
