"""Refunds, row by row (rules 2.5, RF-1 to RF-9)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from isa_mockserver.kernel.chart import revenue, wallet_available
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.services.payments.service import charging, refunds
from isa_mockserver.services.payments.views import payment_view, refund_view
from isa_mockserver.services.ports import (
    Charge,
    RefundMade,
    RefundRequested,
    RefundUndone,
    Succeeded,
    WalletRefunded,
)
from tests.server.payments.desk import START, Desk
from tests.server.payments.test_state_table import IN_STATE


def deposit(desk: Desk, method: str = "pm_card_visa", amount: int = 5000) -> str:
    """The intent of a deposit into the user's wallet."""
    charge = Charge(
        owner="user_1",
        amount=amount,
        currency="usd",
        type="deposit",
        destination=wallet_available("user_1"),
        payment_method_id=method,
    )
    outcome = desk.run(charging.charge_now, charge)
    assert isinstance(outcome, Succeeded)
    return outcome.payment_intent_id


def refused(desk: Desk, payment_id: str, amount: int | None = None) -> DomainError:
    """The refusal of a refund, which left nothing."""
    events, transactions = desk.events(), len(desk.world.ledger.transactions)
    rows = dict(desk.world.tables["refunds"].rows)
    with pytest.raises(DomainError) as caught:
        desk.refund(payment_id, amount)
    assert desk.events() == events
    assert len(desk.world.ledger.transactions) == transactions
    assert desk.world.tables["refunds"].rows == rows
    return caught.value


def test_2_5_without_an_amount_all_that_remains_goes_back(desk: Desk) -> None:
    intent = desk.paid()
    desk.refund(intent.id, 1000)
    made = desk.refund(intent.id)
    assert (made.amount, made.status) == (1999, "succeeded")
    assert desk.balance("external:card") == 0
    assert desk.balance("platform:revenue:payments") == 0


def test_rf_1_the_example_1000_1999_and_one_more(desk: Desk) -> None:
    intent = desk.paid(amount=2999)
    desk.refund(intent.id, 1000)
    assert payment_view(desk.intent(intent.id))["refund_status"] == "partial"
    desk.refund(intent.id, 1999)
    assert payment_view(desk.intent(intent.id))["refund_status"] == "full"
    error = refused(desk, intent.id, 1)
    assert (error.status, error.code) == (409, "charge_already_refunded")


def test_rf_1_one_cent_can_be_refunded(desk: Desk) -> None:
    assert desk.refund(desk.paid().id, 1).amount == 1


def test_2_5_more_than_remains_is_refused_and_says_what_remains(desk: Desk) -> None:
    intent = desk.paid()
    desk.refund(intent.id, 1000)
    error = refused(desk, intent.id, 2000)
    assert (error.status, error.code, error.param) == (422, "refund_exceeds_remaining", "amount")
    assert error.context == {"remaining": 1999}


@pytest.mark.parametrize("state", sorted(set(IN_STATE) - {"succeeded"}))
def test_2_5_only_a_succeeded_payment_can_be_refunded(desk: Desk, state: str) -> None:
    error = refused(desk, IN_STATE[state](desk).id)
    assert (error.status, error.code) == (409, "payment_not_refundable")
    assert error.context == {"status": state}


@pytest.mark.parametrize("amount", [0, -1])
def test_2_5_an_amount_below_one_is_invalid(desk: Desk, amount: int) -> None:
    error = refused(desk, desk.paid().id, amount)
    assert (error.status, error.code) == (422, "invalid_amount")


def test_p_4_a_foreign_payment_is_as_unknown_as_an_unknown_one(desk: Desk) -> None:
    theirs = desk.create(owner="user_2", payment_method_id="pm_card_visa", confirm=True)
    foreign, unknown = refused(desk, theirs.id), refused(desk, "pi_unknown")
    assert (foreign.status, foreign.code) == (404, "payment_intent_not_found")
    assert (foreign.code, foreign.detail, foreign.context) == (unknown.code, unknown.detail, unknown.context)


def test_ph_2_a_refund_does_not_change_the_intents_status(desk: Desk) -> None:
    intent = desk.paid()
    desk.refund(intent.id)
    after = desk.intent(intent.id)
    assert (after.status, after.amount_received, after.amount_refunded) == ("succeeded", 2999, 2999)


def test_rf_2_a_refund_is_told_once(desk: Desk) -> None:
    intent = desk.paid()
    made = desk.refund(intent.id, 1000, "customer_request")
    assert desk.events() == ["payment.created", "payment.succeeded", "refund.created"]
    [told] = desk.objects("refund.created")
    assert told == {
        "refund_id": made.id,
        "payment_intent_id": intent.id,
        "amount": 1000,
        "currency": "usd",
        "status": "succeeded",
        "reason": "customer_request",
        "reason_category": "customer_request",
        "created_at": "2024-01-28T10:00:00Z",
    }


def test_rf_2_a_pending_refund_succeeds_when_the_clock_moves(desk: Desk) -> None:
    intent = desk.paid("pm_card_pendingRefund")
    made = desk.refund(intent.id, 1000)
    assert made.status == "pending"
    assert desk.intent(intent.id).amount_refunded == 1000
    assert desk.balance("external:card") == -2999
    assert desk.balance("platform:clearing") == 1000
    desk.advance(seconds=1)
    assert desk.stored_refund(made.id).status == "succeeded"
    assert desk.balance("external:card") == -1999
    assert desk.balance("platform:clearing") == 0
    assert desk.events()[-2:] == ["refund.created", "refund.updated"]
    assert desk.world.events[-1].previous == {"status": "pending"}


def test_rf_2_a_pending_refund_counts_as_used(desk: Desk) -> None:
    intent = desk.paid("pm_card_pendingRefund")
    desk.refund(intent.id, 2999)
    assert refused(desk, intent.id, 1).code == "charge_already_refunded"


def test_rf_2_a_failed_refund_gives_its_amount_back(desk: Desk) -> None:
    intent = desk.paid("pm_card_refundFail")
    made = desk.refund(intent.id, 2999)
    assert made.status == "succeeded"
    desk.advance(seconds=1)
    assert desk.stored_refund(made.id).status == "failed"
    assert desk.intent(intent.id).amount_refunded == 0
    assert desk.balance("external:card") == -2999
    assert desk.events()[-3:] == ["refund.created", "refund.updated", "refund.failed"]
    assert len(desk.heard(RefundUndone)) == 1
    assert desk.refund(intent.id, 2999).amount == 2999


def test_rf_2_a_refund_settles_once(desk: Desk) -> None:
    desk.refund(desk.paid("pm_card_refundFail").id)
    desk.advance(days=1)
    desk.advance(days=1)
    assert desk.events().count("refund.updated") == 1


@pytest.mark.parametrize(
    ("given", "kept", "category"),
    [
        (None, None, None),
        ("customer_request", "customer_request", "customer_request"),
        ("requested_by_customer", "customer_request", "customer_request"),
        ("duplicate", "duplicate", "duplicate"),
        ("fraudulent", "fraudulent", "fraudulent"),
        ("other", "other", "other"),
        ("the box was empty", "the box was empty", "other"),
    ],
)
def test_rf_3_reasons(desk: Desk, given: str | None, kept: str | None, category: str | None) -> None:
    shown = refund_view(desk.refund(desk.paid().id, reason=given))
    assert (shown["reason"], shown["reason_category"]) == (kept, category)


def test_rf_4_a_bank_payment_returns_to_the_bank(desk: Desk) -> None:
    intent = desk.paid("pm_bank_success")
    desk.advance(days=3)
    desk.refund(intent.id)
    assert desk.balance("external:bank") == 0
    assert desk.balance("external:card") == 0


def test_rf_4_a_wallet_payment_returns_to_the_wallet(desk: Desk) -> None:
    desk.give_wallet(5000)
    intent = desk.paid("pm_wallet")
    made = desk.refund(intent.id, 999)
    assert desk.balance("wallet:user_1:available") == 5000 - 2999 + 999
    [returned] = desk.heard(WalletRefunded)
    assert (returned.refund_id, returned.amount) == (made.id, 999)


def test_rf_4_a_refund_keeps_its_currency(desk: Desk) -> None:
    made = desk.refund(desk.paid(amount=5120, currency="kwd").id, 10)
    assert made.currency == "kwd"
    assert desk.balance("external:card", "kwd") == -5110


def test_rf_5_the_refund_of_a_deposit_leaves_the_wallet(desk: Desk) -> None:
    payment = deposit(desk)
    desk.refund(payment, 2000)
    assert desk.balance("wallet:user_1:available") == 3000
    assert desk.heard(WalletRefunded) == []


def test_rf_5_a_spent_deposit_cannot_be_refunded(desk: Desk) -> None:
    payment = deposit(desk)
    desk.paid("pm_wallet", 4000)
    error = refused(desk, payment, 2000)
    assert (error.status, error.code) == (402, "insufficient_funds")
    assert error.context == {"available": 1000, "required": 2000, "shortfall": 1000}
    assert desk.intent(payment).amount_refunded == 0


def test_rf_5_a_pending_refund_of_a_deposit_holds_the_money_and_its_failure_gives_it_back(desk: Desk) -> None:
    pending, failing = deposit(desk, "pm_card_pendingRefund"), deposit(desk, "pm_card_refundFail")
    desk.refund(pending)
    desk.refund(failing)
    assert desk.balance("wallet:user_1:available") == 0
    desk.advance(seconds=1)
    assert desk.balance("wallet:user_1:available") == 5000
    assert desk.balance("external:card") == -5000


def test_rf_5_another_slice_can_refuse_and_nothing_is_left(desk: Desk) -> None:
    intent = desk.paid()
    desk.refuse_refund = DomainError("credits_already_consumed", "They are spent.")
    assert refused(desk, intent.id).code == "credits_already_consumed"
    assert desk.heard(RefundMade) == []


def test_rf_5_the_other_slices_are_asked_first_and_told_after(desk: Desk) -> None:
    intent = desk.paid()
    made = desk.refund(intent.id, 1000)
    kinds = [type(signal) for signal in desk.signals[1:]]
    assert kinds == [RefundRequested, RefundMade]
    [told] = desk.heard(RefundMade)
    assert (told.refund_id, told.payment_intent_id, told.amount) == (made.id, intent.id, 1000)


def test_rf_7_the_window_closes_180_days_after_the_success(desk: Desk) -> None:
    intent = desk.paid()
    desk.advance(days=180)
    desk.refund(intent.id, 1)
    desk.advance(seconds=1)
    error = refused(desk, intent.id, 1)
    assert (error.status, error.code) == (409, "refund_window_expired")


def test_rf_7_the_window_starts_with_the_success_not_with_the_creation(desk: Desk) -> None:
    intent = desk.create()
    desk.advance(days=200)
    desk.confirm(intent.id, "pm_card_visa")
    assert desk.refund(intent.id).created_at == START + timedelta(days=200)


def test_rf_9_credit_out_of_a_charge_lowers_what_it_can_refund(desk: Desk) -> None:
    intent = desk.paid(amount=2999)
    desk.run(charging.credit_out, intent.id, 1451)
    assert refused(desk, intent.id, 1549).context == {"remaining": 1548}
    assert desk.refund(intent.id).amount == 2999 - 1451
    assert desk.run(charging.refunded_so_far, intent.id) == 1548
    assert refused(desk, intent.id).code == "charge_already_refunded"


def test_rf_9_credit_that_takes_all_leaves_nothing_to_refund(desk: Desk) -> None:
    intent = desk.paid(amount=2999)
    desk.run(charging.credit_out, intent.id, 2999)
    assert refused(desk, intent.id).code == "charge_already_refunded"


def test_a_refund_is_read_by_its_owner_only(desk: Desk) -> None:
    made = desk.refund(desk.paid().id)
    assert desk.run(refunds.find_refund, "user_1", made.id) == made
    for owner, refund_id in (("user_2", made.id), ("user_1", "re_unknown")):
        with pytest.raises(DomainError) as caught:
            desk.run(refunds.find_refund, owner, refund_id)
        assert (caught.value.status, caught.value.code) == (404, "refund_not_found")


def test_a_refund_is_taken_out_of_the_revenue_that_the_charge_went_to(desk: Desk) -> None:
    charge = Charge(
        owner="user_1",
        amount=8000,
        currency="usd",
        type="credits",
        destination=revenue("credits"),
        payment_method_id="pm_card_visa",
    )
    outcome = desk.run(charging.charge_now, charge)
    desk.refund(outcome.payment_intent_id, 2000)
    assert desk.balance("platform:revenue:credits") == 6000
