"""The state table of intents, row by row (rules 2.3, PI-7, PI-8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.services.payments.model.intent import TRANSITIONS, Intent
from isa_mockserver.services.payments.service import intents, later
from isa_mockserver.services.payments.views import intent_view
from isa_mockserver.services.ports import PaymentFailed, PaymentSucceeded
from tests.server.payments.desk import START, Desk

THREE_D_SECURE = "pm_card_authenticationRequired"
THREE_D_SECURE_THEN_DECLINED = "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"


def held(desk: Desk) -> Intent:
    return desk.create(payment_method_id="pm_card_visa", confirm=True, capture_method="manual")


IN_STATE: dict[str, Callable[[Desk], Intent]] = {
    "requires_payment_method": lambda desk: desk.create(),
    "requires_confirmation": lambda desk: desk.create(payment_method_id="pm_card_visa"),
    "requires_action": lambda desk: desk.paid(THREE_D_SECURE),
    "processing": lambda desk: desk.paid("pm_bank_success"),
    "requires_capture": held,
    "succeeded": lambda desk: desk.paid(),
    "canceled": lambda desk: desk.run(intents.cancel_intent, "user_1", desk.create().id),
}
ACTIONS: dict[str, Callable[[Desk, str], object]] = {
    "confirm": lambda desk, id_: desk.confirm(id_, "pm_card_visa"),
    "update": lambda desk, id_: desk.run(
        intents.update_intent, "user_1", id_, payment_method_id="pm_card_mastercard"
    ),
    "describe": lambda desk, id_: desk.run(intents.update_intent, "user_1", id_, description="new"),
    "cancel": lambda desk, id_: desk.run(intents.cancel_intent, "user_1", id_),
    "capture": lambda desk, id_: desk.run(intents.capture_intent, "user_1", id_),
    "authenticate": lambda desk, id_: desk.run(later.authenticate, id_, "success"),
}
ALLOWED = {
    ("requires_payment_method", "confirm"): "succeeded",
    ("requires_payment_method", "update"): "requires_confirmation",
    ("requires_payment_method", "describe"): "requires_payment_method",
    ("requires_payment_method", "cancel"): "canceled",
    ("requires_confirmation", "confirm"): "succeeded",
    ("requires_confirmation", "update"): "requires_confirmation",
    ("requires_confirmation", "describe"): "requires_confirmation",
    ("requires_confirmation", "cancel"): "canceled",
    ("requires_action", "confirm"): "succeeded",
    ("requires_action", "describe"): "requires_action",
    ("requires_action", "cancel"): "canceled",
    ("requires_action", "authenticate"): "succeeded",
    ("requires_capture", "describe"): "requires_capture",
    ("requires_capture", "cancel"): "canceled",
    ("requires_capture", "capture"): "succeeded",
}
"""(State, action) -> next state: the rows of the table; every other pair is a 409."""


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", IN_STATE)
def test_2_3_every_state_allows_exactly_its_actions(desk: Desk, state: str, action: str) -> None:
    intent = IN_STATE[state](desk)
    assert intent.status == state
    events, transactions = desk.events(), len(desk.world.ledger.transactions)
    if (state, action) in ALLOWED:
        ACTIONS[action](desk, intent.id)
        assert desk.intent(intent.id).status == ALLOWED[state, action]
        return
    with pytest.raises(DomainError) as refused:
        ACTIONS[action](desk, intent.id)
    assert (refused.value.status, refused.value.code) == (409, "payment_intent_unexpected_state")
    assert refused.value.context == {"status": state}
    assert desk.intent(intent.id) == intent
    assert desk.events() == events
    assert len(desk.world.ledger.transactions) == transactions


def test_8_8_nothing_leaves_a_terminal_state() -> None:
    assert not [before for before, _ in TRANSITIONS if before in ("succeeded", "canceled")]


# requires_action


def test_2_3_a_3ds_card_asks_for_action_and_moves_no_money(desk: Desk) -> None:
    intent = desk.paid(THREE_D_SECURE)
    shown = intent_view(intent, page="http://localhost:8207/bank")
    assert shown["status"] == "requires_action"
    assert shown["next_action"] == {"type": "authenticate", "url": "http://localhost:8207/bank"}
    assert desk.balance("external:card") == 0
    assert desk.events() == ["payment.created", "payment.requires_action"]


def test_2_3_authentication_ok_lets_the_payment_succeed(desk: Desk) -> None:
    intent = desk.paid("pm_card_threeDSecure2Required")
    done = desk.run(later.authenticate, intent.id, "success")
    assert (done.status, done.amount_received) == ("succeeded", 2999)
    assert intent_view(done)["next_action"] is None
    assert desk.events()[-1] == "payment.succeeded"
    assert [a.status for a in desk.attempts(intent.id)] == ["succeeded"]
    assert len(desk.heard(PaymentSucceeded)) == 1


def test_2_3_after_authentication_the_issuer_may_still_decline(desk: Desk) -> None:
    intent = desk.paid(THREE_D_SECURE_THEN_DECLINED)
    done = desk.run(later.authenticate, intent.id, "success")
    assert done.status == "requires_payment_method"
    assert done.last_payment_error is not None
    assert done.last_payment_error.decline_code == "insufficient_funds"
    assert desk.events() == ["payment.created", "payment.requires_action", "payment.failed"]
    assert len(desk.heard(PaymentFailed)) == 1


def test_2_3_failed_authentication_asks_for_a_method_again(desk: Desk) -> None:
    intent = desk.paid(THREE_D_SECURE)
    done = desk.run(later.authenticate, intent.id, "failure")
    assert done.status == "requires_payment_method"
    assert done.last_payment_error is not None
    assert done.last_payment_error.code == "authentication_failed"
    assert desk.events()[-1] == "payment.failed"
    assert [a.status for a in desk.attempts(intent.id)] == ["failed"]


def test_2_3_a_new_method_restarts_an_intent_that_waits_for_action(desk: Desk) -> None:
    intent = desk.paid(THREE_D_SECURE)
    assert desk.confirm(intent.id, "pm_card_visa").intent.status == "succeeded"
    assert [a.status for a in desk.attempts(intent.id)] == ["abandoned", "succeeded"]
    desk.advance(hours=2)
    assert desk.intent(intent.id).status == "succeeded"


def test_2_3_a_new_method_may_be_declined_too(desk: Desk) -> None:
    intent = desk.paid(THREE_D_SECURE)
    tried = desk.confirm(intent.id, "pm_card_chargeDeclined")
    assert tried.error is not None
    assert tried.error.status == 402
    assert desk.intent(intent.id).status == "requires_payment_method"


@pytest.mark.parametrize("method", [None, THREE_D_SECURE])
def test_2_3_confirming_without_a_new_method_changes_nothing(desk: Desk, method: str | None) -> None:
    intent = desk.paid(THREE_D_SECURE)
    tried = desk.confirm(intent.id, method)
    assert tried.error is None
    assert tried.intent == intent
    assert desk.events() == ["payment.created", "payment.requires_action"]
    assert len(desk.attempts(intent.id)) == 1


def test_pi_8_after_an_hour_authentication_has_failed(desk: Desk) -> None:
    intent = desk.paid(THREE_D_SECURE)
    desk.advance(minutes=59, seconds=59)
    assert desk.intent(intent.id).status == "requires_action"
    desk.advance(seconds=1)
    expired = desk.intent(intent.id)
    assert expired.status == "requires_payment_method"
    assert expired.last_payment_error is not None
    assert expired.last_payment_error.code == "authentication_failed"
    assert desk.events()[-1] == "payment.failed"


def test_pi_8_each_challenge_has_an_hour_of_its_own(desk: Desk) -> None:
    intent = desk.paid(THREE_D_SECURE)
    desk.advance(minutes=40)
    desk.confirm(intent.id, "pm_card_threeDSecure2Required")
    desk.advance(minutes=40)
    assert desk.intent(intent.id).status == "requires_action"
    desk.advance(minutes=20)
    assert desk.intent(intent.id).status == "requires_payment_method"


def test_pi_8_a_plain_intent_never_expires(desk: Desk) -> None:
    intent = desk.create()
    desk.advance(days=700)
    assert desk.intent(intent.id) == intent


# processing


def test_2_1_a_bank_debit_settles_after_three_days(desk: Desk) -> None:
    intent = desk.paid("pm_bank_success")
    assert desk.events() == ["payment.created", "payment.processing"]
    desk.advance(days=2, hours=23, minutes=59, seconds=59)
    assert desk.intent(intent.id).status == "processing"
    assert desk.balance("external:bank") == 0
    desk.advance(seconds=1)
    settled = desk.intent(intent.id)
    assert (settled.status, settled.succeeded_at) == ("succeeded", START + timedelta(days=3))
    assert desk.balance("external:bank") == -2999
    assert desk.balance("platform:revenue:payments") == 2999
    assert desk.events()[-1] == "payment.succeeded"
    assert len(desk.heard(PaymentSucceeded)) == 1


def test_2_1_a_bank_debit_may_come_back(desk: Desk) -> None:
    intent = desk.paid("pm_bank_fail")
    desk.advance(days=3)
    returned = desk.intent(intent.id)
    assert returned.status == "requires_payment_method"
    assert returned.last_payment_error is not None
    assert returned.last_payment_error.code == "card_declined"
    assert returned.last_payment_error.decline_code == "debit_not_authorized"
    assert desk.balance("external:bank") == 0
    assert desk.events()[-1] == "payment.failed"
    assert len(desk.heard(PaymentFailed)) == 1
    assert desk.confirm(intent.id, "pm_card_visa").intent.status == "succeeded"


def test_ck_1_the_settlement_has_its_own_due_time_however_far_the_clock_jumps(desk: Desk) -> None:
    desk.paid("pm_bank_success")
    desk.advance(days=30)
    assert desk.world.events[-1].timestamp == START + timedelta(days=3)


# requires_capture


def test_2_3_a_capture_takes_all(desk: Desk) -> None:
    intent = held(desk)
    done = desk.run(intents.capture_intent, "user_1", intent.id)
    assert (done.status, done.amount_received) == ("succeeded", 2999)
    assert desk.events() == ["payment.created", "payment.succeeded"]
    assert [a.status for a in desk.attempts(intent.id)] == ["succeeded"]
    assert [heard.payment_intent_id for heard in desk.heard(PaymentSucceeded)] == [intent.id]


def test_2_3_a_smaller_capture_releases_the_rest(desk: Desk) -> None:
    intent = held(desk)
    done = desk.run(intents.capture_intent, "user_1", intent.id, 1000)
    assert (done.amount, done.amount_received) == (2999, 1000)
    assert desk.balance("platform:revenue:payments") == 1000
    assert desk.refund(intent.id).amount == 1000


@pytest.mark.parametrize(("amount", "code"), [(3000, "amount_too_large"), (0, "invalid_amount")])
def test_2_3_a_capture_of_more_or_nothing_is_refused(desk: Desk, amount: int, code: str) -> None:
    intent = held(desk)
    with pytest.raises(DomainError) as refused:
        desk.run(intents.capture_intent, "user_1", intent.id, amount)
    assert (refused.value.status, refused.value.code) == (422, code)
    assert desk.intent(intent.id).status == "requires_capture"


def test_au_5_a_bad_amount_is_told_before_an_unknown_intent_and_a_wrong_state_before_too_much(
    desk: Desk,
) -> None:
    paid = desk.paid().id
    for intent_id, amount, code in (
        ("pi_unknown", 0, "invalid_amount"),
        (paid, 3000, "payment_intent_unexpected_state"),
    ):
        with pytest.raises(DomainError) as refused:
            desk.run(intents.capture_intent, "user_1", intent_id, amount)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda desk, id_: desk.confirm(id_, "pm_none"), "payment_method_not_found"),
        (lambda desk, id_: desk.confirm(id_), "payment_intent_unexpected_state"),
        (
            lambda desk, id_: desk.run(intents.update_intent, "user_1", id_, payment_method_id="pm_none"),
            "payment_method_not_found",
        ),
    ],
    ids=["confirm by an unknown method", "confirm by none", "attach an unknown method"],
)
def test_au_5_an_unknown_method_is_told_before_the_state_and_the_state_before_a_missing_method(
    desk: Desk, act: Callable[[Desk, str], object], code: str
) -> None:
    canceled = IN_STATE["canceled"](desk).id
    with pytest.raises(DomainError) as refused:
        act(desk, canceled)
    assert refused.value.code == code


def test_2_1_an_unknown_method_is_not_attached(desk: Desk) -> None:
    intent = desk.create()
    with pytest.raises(DomainError) as refused:
        desk.run(intents.update_intent, "user_1", intent.id, payment_method_id="pm_none")
    assert refused.value.code == "payment_method_not_found"
    assert desk.intent(intent.id) == intent


def test_2_3_after_seven_days_the_hold_is_released(desk: Desk) -> None:
    intent = held(desk)
    desk.advance(days=6, hours=23, minutes=59, seconds=59)
    assert desk.intent(intent.id).status == "requires_capture"
    desk.advance(seconds=1)
    released = desk.intent(intent.id)
    assert (released.status, released.cancellation_reason) == ("canceled", "automatic")
    assert released.canceled_at == START + timedelta(days=7)
    assert desk.events()[-1] == "payment.canceled"
    assert desk.balance("external:card") == 0


def test_2_3_a_captured_payment_is_not_released(desk: Desk) -> None:
    intent = held(desk)
    desk.run(intents.capture_intent, "user_1", intent.id)
    desk.advance(days=8)
    assert desk.intent(intent.id).status == "succeeded"


# cancel


def test_2_3_a_cancellation_keeps_its_reason_and_time(desk: Desk) -> None:
    intent = desk.create()
    desk.advance(hours=1)
    done = intent_view(desk.run(intents.cancel_intent, "user_1", intent.id, "abandoned"))
    assert done["status"] == "canceled"
    assert done["cancellation_reason"] == "abandoned"
    assert done["canceled_at"] == "2024-01-28T11:00:00Z"
    assert desk.events() == ["payment.created", "payment.canceled"]


def test_2_3_a_canceled_intent_still_shows_its_last_decline(desk: Desk) -> None:
    declined = desk.confirm(desk.create().id, "pm_card_chargeDeclined").intent
    done = desk.run(intents.cancel_intent, "user_1", declined.id)
    assert done.last_payment_error is not None
    assert done.last_payment_error.decline_code == "generic_decline"


def test_2_3_a_canceled_challenge_does_not_fail_later(desk: Desk) -> None:
    intent = desk.paid(THREE_D_SECURE)
    desk.run(intents.cancel_intent, "user_1", intent.id)
    desk.advance(hours=2)
    assert desk.intent(intent.id).status == "canceled"
    assert desk.events().count("payment.failed") == 0
    assert [a.status for a in desk.attempts(intent.id)] == ["abandoned"]


@pytest.mark.parametrize("state", ["requires_action", "requires_capture"])
def test_ck_1_a_state_that_was_left_leaves_no_work_behind(desk: Desk, state: str) -> None:
    intent = IN_STATE[state](desk)
    desk.run(intents.cancel_intent, "user_1", intent.id)
    assert desk.world.advance(30 * 86_400) == []


def test_2_3_an_update_changes_only_what_is_given(desk: Desk) -> None:
    intent = desk.create(description="old", metadata={"a": "1"})
    done = desk.run(intents.update_intent, "user_1", intent.id, metadata={"b": "2"})
    assert (done.description, done.metadata) == ("old", {"b": "2"})
    assert desk.events() == ["payment.created"]


@pytest.mark.parametrize("action", sorted(set(ACTIONS) - {"authenticate"}))
def test_p_4_no_action_reaches_a_foreign_intent(desk: Desk, action: str) -> None:
    theirs = desk.create(owner="user_2")
    with pytest.raises(DomainError) as refused:
        ACTIONS[action](desk, theirs.id)
    assert (refused.value.status, refused.value.code) == (404, "payment_intent_not_found")
    assert desk.intent(theirs.id) == theirs


def test_2_3_authenticating_an_unknown_intent_is_a_404(desk: Desk) -> None:
    with pytest.raises(DomainError) as refused:
        desk.run(later.authenticate, "pi_unknown", "success")
    assert refused.value.code == "payment_intent_not_found"
