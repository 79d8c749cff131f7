"""The ports that payments gives the other slices (rules P1, P2, SB-3, 3.1)."""

from __future__ import annotations

from typing import Any

import pytest

from isa_mockserver.kernel.chart import customer_balance, wallet_available, wallet_pending
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.ledger import Reference
from isa_mockserver.services import ports
from isa_mockserver.services.payments.model.intent import Intent
from isa_mockserver.services.payments.service import charging, later, methods
from isa_mockserver.services.payments.views import payment_view
from tests.server.payments.desk import Desk

REFERENCE = Reference("deposit", "dep_1")


def deposit(**changes: Any) -> ports.Charge:
    """A deposit of 5000 usd by a good card, unless `changes` say otherwise."""
    order: dict[str, Any] = {
        "owner": "user_1",
        "amount": 5000,
        "currency": "usd",
        "type": "deposit",
        "destination": wallet_available("user_1"),
        "pending_destination": wallet_pending("user_1"),
        "payment_method_id": "pm_card_visa",
        "reference": REFERENCE,
    }
    return ports.Charge(**(order | changes))


def stored(desk: Desk, outcome: Any) -> Intent:
    return desk.intent(outcome.payment_intent_id)


def test_p_1_a_charge_is_an_intent_with_its_money_at_its_destination(desk: Desk) -> None:
    outcome = desk.run(charging.charge_now, deposit())
    assert isinstance(outcome, ports.Succeeded)
    intent = stored(desk, outcome)
    assert (intent.status, intent.type, intent.amount_received) == ("succeeded", "deposit", 5000)
    assert payment_view(intent)["reference"] == {"type": "deposit", "id": "dep_1"}
    assert desk.balance("wallet:user_1:available") == 5000
    assert desk.balance("external:card") == -5000
    assert desk.events() == ["payment.created", "payment.succeeded"]


def test_au_5_a_bad_amount_is_told_before_an_unknown_method(desk: Desk) -> None:
    with pytest.raises(DomainError) as caught:
        desk.run(charging.charge_now, deposit(amount=49, payment_method_id="pm_none"))
    assert (caught.value.code, caught.value.context) == ("amount_too_small", {"minimum": 50})


def test_p_2_a_declined_charge_is_a_result_that_leaves_its_intent(desk: Desk) -> None:
    outcome = desk.run(charging.charge_now, deposit(payment_method_id="pm_card_chargeDeclinedLostCard"))
    assert isinstance(outcome, ports.Declined)
    assert (outcome.error.status, outcome.error.decline_code) == (402, "lost_card")
    assert outcome.error.context == {"payment_intent_id": outcome.payment_intent_id}
    assert stored(desk, outcome).status == "requires_payment_method"
    assert desk.events() == ["payment.created", "payment.failed"]
    assert desk.world.ledger.transactions == []


def test_2_1_a_3ds_charge_waits_with_the_secret(desk: Desk) -> None:
    outcome = desk.run(charging.charge_now, deposit(payment_method_id="pm_card_authenticationRequired"))
    assert isinstance(outcome, ports.RequiresAction)
    intent = stored(desk, outcome)
    assert (outcome.status, outcome.client_secret) == ("requires_action", intent.client_secret)
    desk.run(later.authenticate, intent.id, "success")
    [told] = desk.heard(ports.PaymentSucceeded)
    assert (told.type, told.reference, told.amount) == ("deposit", REFERENCE, 5000)
    assert desk.balance("wallet:user_1:available") == 5000


def test_3_1_a_bank_deposit_is_pending_until_it_settles(desk: Desk) -> None:
    outcome = desk.run(charging.charge_now, deposit(payment_method_id="pm_bank_success"))
    assert isinstance(outcome, ports.Processing)
    assert desk.balance("wallet:user_1:pending") == 5000
    assert desk.balance("wallet:user_1:available") == 0
    desk.advance(days=3)
    assert desk.balance("wallet:user_1:pending") == 0
    assert desk.balance("wallet:user_1:available") == 5000
    assert desk.balance("external:bank") == -5000
    assert desk.heard(ports.PaymentSucceeded)[0].reference == REFERENCE


def test_3_1_a_returned_bank_deposit_leaves_the_pending_account(desk: Desk) -> None:
    outcome = desk.run(charging.charge_now, deposit(payment_method_id="pm_bank_fail"))
    desk.advance(days=3)
    assert desk.balance("wallet:user_1:pending") == 0
    assert desk.balance("external:bank") == 0
    assert desk.heard(ports.PaymentFailed)[0].reference == REFERENCE
    assert stored(desk, outcome).status == "requires_payment_method"


def test_3_1_a_returned_debit_can_be_tried_again(desk: Desk) -> None:
    outcome = desk.run(charging.charge_now, deposit(payment_method_id="pm_bank_fail"))
    desk.advance(days=3)
    desk.confirm(outcome.payment_intent_id, "pm_bank_fail")
    assert desk.balance("wallet:user_1:pending") == 5000
    desk.advance(days=3)
    desk.confirm(outcome.payment_intent_id, "pm_bank_success")
    desk.advance(days=3)
    assert desk.balance("wallet:user_1:available") == 5000


def test_p_2b_what_charge_now_answers_is_not_signalled_as_well(desk: Desk) -> None:
    desk.run(charging.charge_now, deposit())
    desk.run(charging.charge_now, deposit(payment_method_id="pm_card_chargeDeclined"))
    assert desk.signals == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"payment_method_id": "pm_unknown"}, "payment_method_not_found"),
        ({"payment_method_id": None}, "payment_method_required"),
        ({"payment_method_id": "pm_wallet"}, "invalid_value"),
        ({"amount": 49}, "amount_too_small"),
        ({"amount": 0}, "invalid_amount"),
        ({"amount": 100_000_000}, "amount_too_large"),
        ({"currency": "xyz"}, "unsupported_currency"),
    ],
)
def test_a_charge_that_cannot_be_made_leaves_nothing(desk: Desk, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(DomainError) as refused:
        desk.run(charging.charge_now, deposit(**changes))
    assert refused.value.code == code
    assert desk.events() == []
    assert desk.world.tables["payment_intents"].rows == {}


def test_sb_3_without_a_method_the_default_pays(desk: Desk) -> None:
    assert desk.run(methods.default_method, "user_1") is None
    desk.paid("pm_card_amex")
    assert desk.run(methods.default_method, "user_1") == "pm_card_amex"
    outcome = desk.run(charging.charge_now, deposit(payment_method_id=None))
    assert stored(desk, outcome).payment_method_id == "pm_card_amex"


def test_sb_3_a_method_counts_when_it_succeeded_not_when_it_was_tried(desk: Desk) -> None:
    desk.run(charging.charge_now, deposit(payment_method_id="pm_bank_success"))
    assert desk.run(methods.default_method, "user_1") is None
    desk.advance(days=3)
    assert desk.run(methods.default_method, "user_1") == "pm_bank_success"


@pytest.mark.parametrize(
    ("method", "on_session", "off_session"),
    [
        ("pm_card_visa", ports.Succeeded, ports.Succeeded),
        ("pm_card_chargeCustomerFail", ports.Succeeded, ports.Declined),
        ("pm_card_authenticationRequired", ports.RequiresAction, ports.Declined),
        ("pm_card_chargeDeclined", ports.Declined, ports.Declined),
    ],
)
def test_2_1_without_the_customer_some_methods_decline(
    desk: Desk, method: str, on_session: type, off_session: type
) -> None:
    for absent, kind in ((False, on_session), (True, off_session)):
        outcome = desk.run(charging.charge_now, deposit(payment_method_id=method, off_session=absent))
        assert type(outcome) is kind


def test_du_2_a_card_that_needs_its_holder_declines_hard_off_session(desk: Desk) -> None:
    charge = deposit(payment_method_id="pm_card_authenticationRequired", off_session=True)
    outcome = desk.run(charging.charge_now, charge)
    assert outcome.error.decline_code == "authentication_required"


def test_sb_3_an_opened_intent_waits_for_a_method_and_is_confirmed_by_the_customer(desk: Desk) -> None:
    opened = desk.run(charging.open_intent, deposit(payment_method_id=None))
    assert isinstance(opened, ports.RequiresAction)
    assert opened.status == "requires_payment_method"
    assert desk.events() == ["payment.created"]
    desk.confirm(opened.payment_intent_id, "pm_card_visa")
    assert desk.heard(ports.PaymentSucceeded)[0].reference == REFERENCE
    assert desk.balance("wallet:user_1:available") == 5000


def test_bl_10_an_intent_that_nobody_will_pay_is_canceled_with_its_reason(desk: Desk) -> None:
    opened = desk.run(charging.open_intent, deposit())
    desk.run(charging.cancel_if_open, opened.payment_intent_id, "void_invoice")
    intent = stored(desk, opened)
    assert (intent.status, intent.cancellation_reason) == ("canceled", "void_invoice")
    assert desk.events() == ["payment.created", "payment.canceled"]


@pytest.mark.parametrize("method", ["pm_card_visa", "pm_bank_success"])
def test_cancelling_what_is_not_open_does_nothing(desk: Desk, method: str) -> None:
    outcome = desk.run(charging.charge_now, deposit(payment_method_id=method))
    before = stored(desk, outcome)
    desk.run(charging.cancel_if_open, outcome.payment_intent_id, "void_invoice")
    assert stored(desk, outcome) == before


def test_3_1_the_wallet_pays_wherever_the_charge_goes(desk: Desk) -> None:
    desk.give_wallet(9000)
    charge = deposit(type="invoice", destination=customer_balance("user_1"), payment_method_id="pm_wallet")
    assert isinstance(desk.run(charging.charge_now, charge), ports.Succeeded)
    assert desk.balance("wallet:user_1:available") == 4000
    assert desk.balance("customer_balance:user_1") == 5000
    assert len(desk.heard(ports.WalletDebited)) == 1
