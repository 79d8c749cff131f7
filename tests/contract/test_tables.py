"""The tables of the page hold on the server; what is expected is read from the page."""

from __future__ import annotations

import re

import pytest

from isa_mockserver.app import DOCUMENTED_PORTS
from isa_mockserver.kernel.events import CATALOGUE
from isa_mockserver.testing import MockServer
from isa_user import SyncBillingClient, SyncCreditClient, SyncSubscriptionClient
from tests.contract.page import read_page

PAGE = read_page()
PLANS = {row[0]: row[1:] for row in PAGE.tables["Billing Cycles"].rows}
PLAN_IDS = {"Free": "plan_free", "Pro": "plan_pro_monthly", "Enterprise": "plan_enterprise_annual"}
INTERVALS = {"-": "month", "Monthly": "month", "Annual": "year"}


def test_the_ports_of_the_server_are_those_of_the_page() -> None:
    # The page calls a service by one payment, wallet and so on; the server by the path's plural.
    singular = {f"{service.removesuffix('s')}_service": port for service, port in DOCUMENTED_PORTS.items()}
    assert singular == PAGE.ports


@pytest.mark.parametrize("event_type", PAGE.event_types)
def test_the_event_type_is_in_the_catalogue(event_type: str) -> None:
    """Rules WH-2."""
    assert event_type in CATALOGUE


@pytest.mark.parametrize(("name", "size", "price"), PAGE.tables["Credit Packages"].rows)
def test_the_package_has_the_printed_size_and_price(name: str, size: str, price: str) -> None:
    """Rules CR-1, A4: by name or by id; $10 is 1000 cents."""
    with MockServer() as server:
        for package in (name, f"credits_{size}"):
            bought = server.client(SyncCreditClient, user=f"user_{package.lower()}").purchase(
                package=package, payment_method_id="pm_card_visa"
            )
            assert bought.package == f"credits_{size}"
            assert (bought.credits, bought.amount) == (int(size), int(price.removeprefix("$")) * 100)


@pytest.mark.parametrize("plan", PLANS)
def test_the_plan_has_the_printed_cycle(plan: str) -> None:
    """Rules A13, A30."""
    with MockServer() as server:
        subscriptions = server.client(SyncSubscriptionClient)
        bought = subscriptions.create_subscription(plan_id=PLAN_IDS[plan], payment_method_id="pm_card_visa")
    assert bought.plan.interval == INTERVALS[PLANS[plan][0]]


@pytest.mark.parametrize("plan", PLANS)
def test_the_plan_has_the_printed_quota(plan: str) -> None:
    """Rules 4.3, A14: 'Unlimited' is no limit at all."""
    digits = re.sub(r"\D", "", PLANS[plan][1])
    with MockServer() as server:
        server.client(SyncSubscriptionClient).create_subscription(
            plan_id=PLAN_IDS[plan], payment_method_id="pm_card_visa"
        )
        usage = server.client(SyncBillingClient).record_usage(metric="api_calls", quantity=1)
    assert usage.quota is not None
    assert usage.quota.limit == (int(digits) if digits else None)


def test_without_a_subscription_the_free_plan_holds() -> None:
    """Rules A13."""
    with MockServer() as server:
        usage = server.client(SyncBillingClient).record_usage(metric="api_calls", quantity=1)
    assert usage.quota is not None
    assert usage.quota.limit == int(re.sub(r"\D", "", PLANS["Free"][1]))
