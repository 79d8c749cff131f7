"""Which slice needs what of another, decided in one place (rules P2b)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from .kernel.idempotency import ANSWERS
from .kernel.store import TableSpec
from .kernel.users import USERS
from .kernel.world import Blueprint, JobHandler, Reactor
from .services.credits import wiring as credit_slice
from .services.payments import wiring as payments
from .services.wallets import wiring as wallets
from .web.control import ControlRoute
from .web.route import Route


@cache
def routes_by_service() -> Mapping[str, Sequence[Route]]:
    """Service -> its endpoints, with the ports that they need."""
    return {
        "payments": payments.ROUTES,
        "wallets": wallets.routes(payments.charge_now, credit_slice.total_credits),
        "credits": credit_slice.routes(payments.charge_now),
    }


def control_calls() -> tuple[ControlRoute, ...]:
    """The control calls that play the outside world: issuer, chain, operator."""
    return (*payments.CONTROL, *wallets.CONTROL, *credit_slice.CONTROL)


@cache
def blueprint() -> Blueprint:
    """What every World is made of."""
    parts = (payments, wallets, credit_slice)
    tables: list[TableSpec[Any]] = [USERS, ANSWERS]
    jobs: dict[str, JobHandler] = {}
    reactors: dict[type, list[Reactor]] = {}
    for part in parts:
        tables += part.TABLES
        jobs |= part.JOBS
        for signal, reacting in part.REACTORS.items():
            reactors.setdefault(signal, []).extend(reacting)
    return Blueprint(tables, jobs, reactors)
