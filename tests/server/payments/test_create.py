"""Creating intents (rules PI-1 to PI-4, section 1)."""

from __future__ import annotations

import re

import pytest

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.services.payments.service.intents import find_intent, seed_intent
from isa_mockserver.services.payments.views import intent_view
from tests.server.payments.desk import Desk

PAGE_KEYS = {"payment_intent_id", "client_secret", "amount", "currency", "status"}


def test_pi_1_a_new_intent_waits_for_a_payment_method(desk: Desk) -> None:
    intent = desk.create(2999, "usd", description="Pro Plan - Monthly", metadata={"user_id": "user_456"})
    shown = intent_view(intent, secret=True)
    assert shown.keys() >= PAGE_KEYS
    assert shown["amount"] == 2999
    assert shown["currency"] == "usd"
    assert shown["status"] == "requires_payment_method"
    assert shown["description"] == "Pro Plan - Monthly"
    assert shown["amount_received"] == shown["amount_refunded"] == 0
    assert shown["created_at"] == "2024-01-28T10:00:00Z"
    assert desk.events() == ["payment.created"]


def test_pi_2_the_owner_is_the_caller_and_metadata_grants_nothing(desk: Desk) -> None:
    intent = desk.create(metadata={"user_id": "user_456"})
    assert intent.owner == "user_1"
    with desk.unit() as unit, pytest.raises(DomainError) as refused:
        find_intent(unit, "user_456", intent.id)
    assert refused.value.code == "payment_intent_not_found"


def test_pi_3_ids_and_secrets_have_the_promised_form(desk: Desk) -> None:
    intent = desk.create()
    assert re.fullmatch(r"pi_[0-9A-Za-z]{14,}", intent.id)
    matched = re.fullmatch(r"(pi_[A-Za-z0-9]+)_secret_([A-Za-z0-9]+)", intent.client_secret)
    assert matched is not None
    assert matched[1] == intent.id
    assert len(matched[2]) >= 16
    assert desk.confirm(intent.id, "pm_card_visa").intent.client_secret == intent.client_secret


def test_pi_3_no_secret_in_any_event(desk: Desk) -> None:
    intent = desk.paid()
    desk.refund(intent.id, 100)
    assert len(desk.world.events) == 3
    assert all("_secret_" not in repr(event) for event in desk.world.events)


def test_pi_3_the_fixture_may_choose_an_id_and_tells_nobody(desk: Desk) -> None:
    with desk.world.unit(quiet=True) as unit:
        seed_intent(unit, intent_id="pi_abc123", owner="user_1", amount=2999, currency="usd")
    assert desk.events() == []
    assert desk.intent("pi_abc123").client_secret.startswith("pi_abc123_secret_")
    assert desk.confirm("pi_abc123", "pm_card_visa").intent.status == "succeeded"


def test_pi_4_a_method_at_creation_leads_to_requires_confirmation(desk: Desk) -> None:
    intent = desk.create(payment_method_id="pm_card_visa")
    assert intent.status == "requires_confirmation"
    assert intent.payment_method_id == "pm_card_visa"
    assert desk.confirm(intent.id).intent.status == "succeeded"


def test_pi_4_confirm_true_confirms_in_the_same_call(desk: Desk) -> None:
    intent = desk.create(payment_method_id="pm_card_visa", confirm=True)
    assert intent.status == "succeeded"
    assert desk.events() == ["payment.created", "payment.succeeded"]


def test_pi_4_a_decline_at_creation_leaves_the_intent(desk: Desk) -> None:
    tried = desk.try_create(payment_method_id="pm_card_chargeDeclined", confirm=True)
    assert tried.error is not None
    assert (tried.error.status, tried.error.code) == (402, "card_declined")
    assert tried.error.context == {"payment_intent_id": tried.intent.id}
    assert desk.intent(tried.intent.id).status == "requires_payment_method"
    assert desk.events() == ["payment.created", "payment.failed"]


def test_pi_4_manual_capture_holds_the_money(desk: Desk) -> None:
    intent = desk.create(payment_method_id="pm_card_visa", confirm=True, capture_method="manual")
    assert intent.status == "requires_capture"
    assert intent.amount_received == 0
    assert desk.balance("platform:revenue:payments") == 0


@pytest.mark.parametrize("method", ["pm_bank_success", "pm_wallet"])
def test_pi_4_only_cards_can_hold_money(desk: Desk, method: str) -> None:
    with pytest.raises(DomainError) as refused:
        desk.create(payment_method_id=method, capture_method="manual")
    assert (refused.value.code, refused.value.param) == ("invalid_value", "payment_method_id")


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        (0, "usd", "invalid_amount"),
        (-1, "usd", "invalid_amount"),
        (49, "usd", "amount_too_small"),
        (29, "gbp", "amount_too_small"),
        (49, "jpy", "amount_too_small"),
        (490, "kwd", "amount_too_small"),
        (5124, "kwd", "invalid_amount"),
        (100_000_000, "usd", "amount_too_large"),
        (2999, "xyz", "unsupported_currency"),
        (2999, " usd", "unsupported_currency"),
        (2999, "credits", "unsupported_currency"),
        (2999, "isk", "unsupported_currency"),
    ],
)
def test_m_3_to_m_6_amounts_that_cannot_be_charged_change_nothing(
    desk: Desk, amount: int, currency: str, code: str
) -> None:
    with pytest.raises(DomainError) as refused:
        desk.create(amount, currency)
    assert (refused.value.status, refused.value.code) == (422, code)
    assert desk.events() == []


@pytest.mark.parametrize(
    ("amount", "currency"), [(50, "usd"), (30, "gbp"), (5120, "kwd"), (5130, "kwd"), (99_999_999, "usd")]
)
def test_m_3_to_m_6_amounts_at_the_limits_are_taken(desk: Desk, amount: int, currency: str) -> None:
    assert desk.create(amount, currency).amount == amount


def test_m_4_currencies_come_out_in_lower_case(desk: Desk) -> None:
    assert desk.create(2999, "USD").currency == "usd"


def test_m_5_a_small_amount_is_told_the_minimum(desk: Desk) -> None:
    with pytest.raises(DomainError) as refused:
        desk.create(399, "hkd")
    assert refused.value.context == {"minimum": 400}


def test_8_3_all_failures_are_listed(desk: Desk) -> None:
    with pytest.raises(DomainError) as refused:
        desk.create(0, "xyz")
    assert [(f.param, f.code) for f in refused.value.failures] == [
        ("amount", "invalid_amount"),
        ("currency", "unsupported_currency"),
    ]


def test_2_1_an_unknown_method_is_not_found_and_nothing_is_stored(desk: Desk) -> None:
    with pytest.raises(DomainError) as refused:
        desk.create(payment_method_id="pm_card_VISA")
    assert (refused.value.status, refused.value.code) == (404, "payment_method_not_found")
    assert refused.value.param == "payment_method_id"
    assert desk.world.tables["payment_intents"].rows == {}
