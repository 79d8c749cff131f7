"""The catalogue of plans, as data (rules 5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Interval = Literal["month", "year"]

METERED = "api_calls"
"""The one metric that plans include (rules US-2)."""

OVERAGE_PRICE = 1
"""Minor units for each call beyond the quota, from the page's own invoice line (rules QU-3)."""

ENTERPRISE_PRICE = 299_900
"""Ours: the page names no price of the Enterprise plan (rules A12)."""


class Plan(NamedTuple):
    """A plan: `price` in minor units per `interval`, `quota` API calls a period (None: unlimited).

    `overage_price` is what each call beyond the quota costs; None: it is never billed.
    """

    id: str
    name: str
    price: int
    interval: Interval
    quota: int | None
    overage_price: int | None = None
    currency: str = "usd"


Catalogue = Mapping[str, Plan]

FREE = Plan(id="plan_free", name="Free", price=0, interval="month", quota=1_000)
"""Also what holds without any subscription (rules SB-2)."""

_PLANS = (
    FREE,
    Plan(
        id="plan_pro_monthly",
        name="Pro Monthly",
        price=2_999,
        interval="month",
        quota=50_000,
        overage_price=OVERAGE_PRICE,
    ),
    Plan(
        id="plan_enterprise_annual",
        name="Enterprise Annual",
        price=ENTERPRISE_PRICE,
        interval="year",
        quota=None,
    ),
)

CATALOGUE: Catalogue = {plan.id: plan for plan in _PLANS}
"""Plan id -> plan."""
