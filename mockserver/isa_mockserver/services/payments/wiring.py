"""What the composition root mounts of the payments slice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from isa_mockserver.kernel.world import Reactor

from .control import CONTROL
from .model import TABLES
from .page import PAGES
from .routes import ROUTES
from .service.chain import add_confirmations, add_transaction, drop_transaction
from .service.charging import cancel_if_open, charge_now, credit_out, open_intent, refunded_so_far
from .service.intents import seed_intent
from .service.jobs import JOBS
from .service.later import authenticate
from .service.methods import default_method
from .service.resolution import resolve_crypto_payment

REACTORS: Mapping[type, Sequence[Reactor]] = {}
"""Payments reacts to no other slice."""

__all__ = [
    "CONTROL",
    "JOBS",
    "PAGES",
    "REACTORS",
    "ROUTES",
    "TABLES",
    "add_confirmations",
    "add_transaction",
    "authenticate",
    "cancel_if_open",
    "charge_now",
    "credit_out",
    "default_method",
    "drop_transaction",
    "open_intent",
    "refunded_so_far",
    "resolve_crypto_payment",
    "seed_intent",
]
