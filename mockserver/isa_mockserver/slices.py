"""Which slice needs what of another, decided in one place (rules P2b)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

from .kernel.idempotency import ANSWERS
from .kernel.store import TableSpec
from .kernel.users import USERS
from .kernel.world import Blueprint, JobHandler, Reactor
from .services.billing import wiring as billing
from .services.credits import wiring as credit_slice
from .services.payments import wiring as payments
from .services.subscriptions import wiring as subscriptions
from .services.wallets import wiring as wallets
from .web.control import ControlRoute
from .web.control.pages import PageRoute
from .web.route import Route
from .webhooks import wiring as webhooks

BILLING = billing.Collaborators(
    charge=payments.charge_now,
    open_intent=payments.open_intent,
    cancel_intent=payments.cancel_if_open,
    default_method=payments.default_method,
    quota=partial(subscriptions.quota_in_force, catalogue=subscriptions.CATALOGUE),
)
"""Billing charges through payments, and asks subscriptions for the quota in force."""

SUBSCRIPTIONS = subscriptions.Collaborators(
    invoicing=billing.Invoicer(BILLING),
    default_method=payments.default_method,
    refunded_so_far=payments.refunded_so_far,
    credit_out=payments.credit_out,
)
"""Subscriptions order their invoices from billing."""


class _Part(NamedTuple):
    """What a slice with ports of its own brings to a World."""

    TABLES: Sequence[TableSpec[Any]]
    JOBS: Mapping[str, JobHandler]
    REACTORS: Mapping[type, Sequence[Reactor]]


@cache
def routes_by_service() -> Mapping[str, Sequence[Route]]:
    """Service -> its endpoints, with the ports that they need."""
    return {
        "payments": payments.ROUTES,
        "wallets": wallets.routes(payments.charge_now, credit_slice.total_credits),
        "billing": billing.routes(BILLING),
        "subscriptions": subscriptions.routes(SUBSCRIPTIONS),
        "credits": credit_slice.routes(payments.charge_now),
    }


def control_calls() -> tuple[ControlRoute, ...]:
    """The control calls that play the outside world: issuer, chain, operator."""
    return (*payments.CONTROL, *wallets.CONTROL, *credit_slice.CONTROL)


def pages() -> tuple[PageRoute, ...]:
    """What a customer sees of the outside world in a browser."""
    return payments.PAGES


@cache
def blueprint() -> Blueprint:
    """What every World is made of."""
    parts = (
        payments,
        wallets,
        _Part(billing.TABLES, billing.jobs(BILLING), billing.REACTORS),
        _Part(subscriptions.TABLES, subscriptions.jobs(SUBSCRIPTIONS), subscriptions.reactors(SUBSCRIPTIONS)),
        credit_slice,
    )
    tables: list[TableSpec[Any]] = [USERS, ANSWERS, *webhooks.TABLES]
    jobs: dict[str, JobHandler] = {**webhooks.JOBS}
    reactors: dict[type, list[Reactor]] = {}
    for part in parts:
        tables += part.TABLES
        jobs |= part.JOBS
        for signal, reacting in part.REACTORS.items():
            reactors.setdefault(signal, []).extend(reacting)
    return Blueprint(tables, jobs, reactors)
