"""The printed responses fit the SDK's models, field by field and type by type (rules P7)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from isa_user._operations import OPERATIONS
from isa_user.models import CreditBalance, PaymentIntent, Subscription, Wallet
from tests.contract.page import Sample, read_page

PAGE = read_page()


@pytest.mark.parametrize("sample", PAGE.samples, ids=lambda sample: sample.heading)
def test_a_printed_response_parses_into_the_model_of_its_operation(sample: Sample) -> None:
    model = next(row for row in OPERATIONS if row.source == sample.heading).model()
    parsed = model.model_validate_json(json.dumps(sample.value))
    for name, printed in sample.value.items():
        assert hasattr(parsed, name), f"{name} is printed and not a field"
        if isinstance(printed, int | str) and not name.endswith(("_end", "_at")):
            assert getattr(parsed, name) == printed


def test_the_printed_intent_is_2999_cents_waiting_for_a_method() -> None:
    intent = PaymentIntent.model_validate(PAGE.sample("Create Payment Intent"))
    assert (intent.amount, intent.currency, intent.status) == (2999, "usd", "requires_payment_method")
    assert intent.payment_intent_id == "pi_abc123"


def test_the_printed_wallet_has_15000_cents_and_500_credits() -> None:
    wallet = Wallet.model_validate(PAGE.sample("Get Wallet Balance"))
    assert wallet.balances == {"usd": 15000, "credits": 500}
    assert wallet.pending == {"usd": 0}


def test_the_printed_subscription_ends_on_28_february_2024() -> None:
    subscription = Subscription.model_validate(PAGE.sample("Get Subscription"))
    assert (subscription.plan.id, subscription.plan.price, subscription.plan.interval) == (
        "plan_pro_monthly",
        2999,
        "month",
    )
    assert subscription.current_period_end == datetime(2024, 2, 28, tzinfo=UTC)
    assert subscription.cancel_at_period_end is False


def test_the_printed_credits_add_up() -> None:
    balance = CreditBalance.model_validate(PAGE.sample("Get Credits"))
    assert balance.total_credits == 500 == balance.available_credits + balance.reserved_credits
    assert balance.expiring_soon is not None
    assert balance.expiring_soon.amount == 100
    assert balance.expiring_soon.expires_at == datetime(2024, 3, 1, tzinfo=UTC)
