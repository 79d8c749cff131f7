"""Confirming: what each test method does (rules 2.1, 2.3, PI-5, PI-6)."""

from __future__ import annotations

import pytest

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.services.ports import PaymentFailed, PaymentSucceeded, WalletDebited
from tests.server.payments.desk import Desk

GOOD = ["visa", "visa_debit", "mastercard", "amex", "discover", "jcb"]
DECLINES = [
    ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
    ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
    ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
    ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", None),
    ("pm_card_chargeDeclinedProcessingError", "processing_error", None),
    ("pm_card_chargeDeclinedLostCard", "card_declined", "lost_card"),
    ("pm_card_chargeDeclinedStolenCard", "card_declined", "stolen_card"),
    ("pm_card_chargeDeclinedFraudulent", "card_declined", "fraudulent"),
    ("pm_card_radarBlock", "card_declined", "fraudulent"),
]


@pytest.mark.parametrize("brand", GOOD)
def test_2_1_a_good_card_pays(desk: Desk, brand: str) -> None:
    intent = desk.paid(f"pm_card_{brand}")
    assert (intent.status, intent.amount_received) == ("succeeded", 2999)
    assert desk.balance("platform:revenue:payments") == 2999
    assert desk.balance("external:card") == -2999
    assert desk.events() == ["payment.created", "payment.succeeded"]


@pytest.mark.parametrize(("method", "code", "decline_code"), DECLINES)
def test_2_1_a_decline_is_a_402_that_the_intent_survives(
    desk: Desk, method: str, code: str, decline_code: str | None
) -> None:
    intent = desk.create()
    tried = desk.confirm(intent.id, method)
    assert tried.error is not None
    assert (tried.error.status, tried.error.code, tried.error.decline_code) == (402, code, decline_code)
    assert tried.error.context == {"payment_intent_id": intent.id}
    stored = desk.intent(intent.id)
    assert stored.status == "requires_payment_method"
    assert stored.amount_received == 0
    assert stored.last_payment_error is not None
    assert stored.last_payment_error.code == code
    assert stored.last_payment_error.decline_code == decline_code
    assert desk.balance("external:card") == 0
    assert desk.events() == ["payment.created", "payment.failed"]


def test_pi_5_each_attempt_keeps_why_it_failed(desk: Desk) -> None:
    intent = desk.create()
    for method in ("pm_card_chargeDeclinedLostCard", "pm_card_chargeDeclinedExpiredCard", "pm_card_visa"):
        desk.confirm(intent.id, method)
    assert [
        (attempt.payment_method_id, attempt.status, attempt.error and attempt.error.code)
        for attempt in desk.attempts(intent.id)
    ] == [
        ("pm_card_chargeDeclinedLostCard", "failed", "card_declined"),
        ("pm_card_chargeDeclinedExpiredCard", "failed", "expired_card"),
        ("pm_card_visa", "succeeded", None),
    ]


def test_wh_1_payment_failed_shows_the_error_and_the_method(desk: Desk) -> None:
    desk.paid("pm_card_chargeDeclinedLostCard")
    [failed] = desk.objects("payment.failed")
    assert failed["payment_method_id"] == "pm_card_chargeDeclinedLostCard"
    assert failed["last_payment_error"]["decline_code"] == "lost_card"
    assert "client_secret" not in failed


def test_pi_5_after_a_decline_a_good_card_pays_and_clears_the_error(desk: Desk) -> None:
    intent = desk.paid("pm_card_chargeDeclined")
    paid = desk.confirm(intent.id, "pm_card_visa").intent
    assert paid.status == "succeeded"
    assert paid.last_payment_error is None
    assert [attempt.status for attempt in desk.attempts(intent.id)] == ["failed", "succeeded"]


def test_pi_5_the_eleventh_attempt_is_refused(desk: Desk) -> None:
    intent = desk.create()
    for _ in range(10):
        desk.confirm(intent.id, "pm_card_chargeDeclined")
    with pytest.raises(DomainError) as refused:
        desk.confirm(intent.id, "pm_card_visa")
    assert (refused.value.status, refused.value.code) == (409, "too_many_attempts")
    assert refused.value.context == {"status": "requires_payment_method"}
    assert desk.events().count("payment.failed") == 10
    assert len(desk.attempts(intent.id)) == 10


def test_2_3_without_a_method_and_none_on_file_one_is_required(desk: Desk) -> None:
    intent = desk.create()
    with pytest.raises(DomainError) as refused:
        desk.confirm(intent.id)
    assert (refused.value.status, refused.value.code) == (422, "payment_method_required")
    assert desk.intent(intent.id).status == "requires_payment_method"
    assert desk.events() == ["payment.created"]


def test_sb_3_the_method_that_last_succeeded_is_on_file(desk: Desk) -> None:
    desk.paid("pm_card_visa")
    desk.paid("pm_card_mastercard")
    desk.paid("pm_card_chargeDeclined")
    assert desk.confirm(desk.create().id).intent.payment_method_id == "pm_card_mastercard"


def test_sb_3_the_method_on_file_is_the_users_own(desk: Desk) -> None:
    desk.paid("pm_card_visa")
    foreign = desk.create(owner="user_2")
    with pytest.raises(DomainError, match="payment_method_required"):
        desk.confirm(foreign.id, owner="user_2")


def test_2_3_a_declined_method_is_not_tried_again_unasked(desk: Desk) -> None:
    intent = desk.paid("pm_card_chargeDeclined")
    with pytest.raises(DomainError, match="payment_method_required"):
        desk.confirm(intent.id)


def test_2_1_an_unknown_method_changes_nothing(desk: Desk) -> None:
    intent = desk.create()
    with pytest.raises(DomainError) as refused:
        desk.confirm(intent.id, "pm_unknown")
    assert (refused.value.status, refused.value.code) == (404, "payment_method_not_found")
    assert desk.attempts(intent.id) == []


def test_p_4_a_foreign_intent_is_as_unknown_as_an_unknown_one(desk: Desk) -> None:
    theirs = desk.create(owner="user_2")
    answers = []
    for intent_id in (theirs.id, "pi_unknown"):
        with pytest.raises(DomainError) as refused:
            desk.confirm(intent_id, "pm_card_visa")
        answers.append(
            (refused.value.status, refused.value.code, refused.value.detail, refused.value.context)
        )
    assert answers[0] == answers[1]
    assert answers[0][:2] == (404, "payment_intent_not_found")


def test_pi_6_a_second_confirm_charges_nothing(desk: Desk) -> None:
    intent = desk.paid()
    with pytest.raises(DomainError) as refused:
        desk.confirm(intent.id, "pm_card_visa")
    assert (refused.value.status, refused.value.code) == (409, "payment_intent_unexpected_state")
    assert refused.value.context == {"status": "succeeded"}
    assert desk.balance("platform:revenue:payments") == 2999
    assert desk.events() == ["payment.created", "payment.succeeded"]


def test_2_1_the_wallet_pays_in_its_own_currency(desk: Desk) -> None:
    desk.give_wallet(5000)
    intent = desk.paid("pm_wallet", 2999)
    assert intent.status == "succeeded"
    assert desk.balance("wallet:user_1:available") == 5000 - 2999
    assert desk.balance("platform:revenue:payments") == 2999
    [debited] = desk.heard(WalletDebited)
    assert (debited.payment_intent_id, debited.amount) == (intent.id, 2999)


def test_2_1_an_exact_wallet_is_enough(desk: Desk) -> None:
    desk.give_wallet(2999)
    assert desk.paid("pm_wallet", 2999).status == "succeeded"
    assert desk.balance("wallet:user_1:available") == 0


def test_2_1_a_wallet_that_is_short_declines_with_the_shortfall(desk: Desk) -> None:
    desk.give_wallet(2000)
    desk.give_wallet(9000, "eur")
    intent = desk.create(2999)
    tried = desk.confirm(intent.id, "pm_wallet")
    assert tried.error is not None
    assert (tried.error.status, tried.error.code, tried.error.kind) == (
        402,
        "insufficient_funds",
        "balance_error",
    )
    assert tried.error.context == {
        "payment_intent_id": intent.id,
        "available": 2000,
        "required": 2999,
        "shortfall": 999,
    }
    assert desk.balance("wallet:user_1:available") == 2000
    assert desk.events() == ["payment.created", "payment.failed"]


def test_p_2b_a_later_success_and_a_later_decline_are_signalled(desk: Desk) -> None:
    intent = desk.create()
    desk.confirm(intent.id, "pm_card_chargeDeclined")
    desk.confirm(intent.id, "pm_card_visa")
    [failed] = desk.heard(PaymentFailed)
    [succeeded] = desk.heard(PaymentSucceeded)
    assert failed.payment_intent_id == succeeded.payment_intent_id == intent.id
    assert (succeeded.amount, succeeded.currency, succeeded.type) == (2999, "usd", "payment")
