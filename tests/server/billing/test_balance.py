"""The customer balance (rules BL-5, BL-10 to BL-12, invariant 24)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isa_mockserver.services.billing.service.balances import share_of_balance
from tests.server.subscriptions.shop import BAD, FAILS_LATER, GOOD, Got, Shop


def _create(shop: Shop, amount: int, currency: str = "usd") -> Got:
    items = [{"description": "x", "quantity": 1, "unit_price": amount}]
    return shop.post("/billing/invoices", {"customer_id": "alice", "items": items, "currency": currency})


def _pay(shop: Shop, invoice: str, method: str = GOOD) -> Got:
    return shop.post(f"/billing/invoices/{invoice}/pay", {"payment_method_id": method})


@pytest.mark.parametrize(
    ("total", "free", "share"),
    [
        (1_000, 0, 0),
        (1_000, 300, 300),
        (1_000, 1_000, 1_000),
        (1_000, 5_000, 1_000),
        (1_000, -30, -30),
        (49, 0, 49),
        (50, 0, 0),
        (1_000, 951, 1_000),
        (1_000, 950, 950),
        (20, -40, -40),
        (20, -29, 20),
        (1, 500, 1),
        (1_000, 999, 1_000),
        (0, 500, 0),
        (0, -30, 0),
        (-700, 500, 0),
    ],
)
def test_bl11_bl12_what_the_balance_pays(total: int, free: int, share: int) -> None:
    """With a smallest charge of 50: what would be left below it is carried on the balance."""
    assert share_of_balance(total, free, 50) == share


@given(total=st.integers(0, 10**8), free=st.integers(-(10**8), 10**8))
def test_what_is_left_to_charge_is_nothing_or_chargeable(total: int, free: int) -> None:
    left = total - share_of_balance(total, free, 50)
    assert left == 0 or left >= 50


def test_bl12_the_balance_pays_the_next_invoice_automatically(shop: Shop) -> None:
    shop.set_balance(300)
    invoice = _create(shop, 1_000).body
    assert (invoice["customer_balance_applied"], invoice["amount_due"]) == (300, 700)
    assert shop.balance() == 300
    paid = _pay(shop, invoice["invoice_id"]).body
    assert (invoice["amount_remaining"], paid["amount_paid"], paid["amount_remaining"]) == (700, 700, 0)
    assert (shop.balance(), shop.balance("external:card")) == (0, -700)
    assert shop.balance("platform:revenue:invoices") == 1_000 - 300


def test_bl7_what_is_paid_leaves_no_work_behind(shop: Shop) -> None:
    """No overdue notice and no retry falls due for it."""
    _pay(shop, _create(shop, 1_000).body["invoice_id"])
    assert shop.world.advance(60 * 86_400) == []


def test_du3_a_renewal_that_is_paid_by_hand_is_not_charged_again(shop: Shop) -> None:
    shop.subscribe(method=FAILS_LATER)
    shop.advance(days=33)
    renewal = shop.invoices()[-1]
    assert (renewal["status"], renewal["attempt_count"]) == ("open", 2)
    _pay(shop, renewal["invoice_id"])
    assert shop.world.advance(20 * 86_400) == []
    assert shop.balance("external:card") == -2 * 2999


def test_rf2_a_refund_that_fails_is_taken_off_the_invoice_again(shop: Shop) -> None:
    invoice = _create(shop, 1_000).body["invoice_id"]
    intent = _pay(shop, invoice, "pm_card_refundFail").body["payment_intent_id"]
    assert shop.post(f"/payments/{intent}/refund", {"amount": 400}).status == 201
    assert shop.invoice(invoice)["amount_refunded"] == 400
    shop.advance(days=1)
    assert shop.invoice(invoice)["amount_refunded"] == 0


def test_bl12_it_can_pay_the_whole_invoice(shop: Shop) -> None:
    shop.set_balance(1_500)
    invoice = _create(shop, 1_000).body
    assert (invoice["status"], invoice["amount_due"], invoice["payment_intent_id"]) == ("paid", 0, None)
    assert shop.balance() == 500


def test_bl12_a_decline_posts_nothing(shop: Shop) -> None:
    shop.set_balance(300)
    invoice = _create(shop, 1_000).body["invoice_id"]
    assert _pay(shop, invoice, BAD).status == 402
    assert shop.balance() == 300


def test_bl12_what_an_open_invoice_was_promised_is_not_given_twice(shop: Shop) -> None:
    shop.set_balance(300)
    first, second = _create(shop, 1_000).body, _create(shop, 1_000).body
    assert (first["customer_balance_applied"], second["customer_balance_applied"]) == (300, 0)
    _pay(shop, second["invoice_id"])
    _pay(shop, first["invoice_id"])
    assert shop.balance() == 0


def test_bl10_voiding_gives_the_promise_to_the_next_invoice(shop: Shop) -> None:
    shop.set_balance(300)
    first = _create(shop, 1_000).body["invoice_id"]
    shop.post(f"/billing/invoices/{first}/void")
    assert shop.balance() == 300
    assert _create(shop, 1_000).body["customer_balance_applied"] == 300


def test_bl12_a_balance_in_another_currency_stays(shop: Shop) -> None:
    """Rules M-10: no conversion."""
    shop.set_balance(300)
    assert _create(shop, 1_000, "eur").body["customer_balance_applied"] == 0


def test_bl11_below_the_smallest_charge_it_is_paid_and_carried(shop: Shop) -> None:
    small = _create(shop, 30).body
    assert (small["status"], small["amount_due"], small["amount_paid"]) == ("paid", 0, 0)
    assert shop.balance() == -30
    following = _create(shop, 1_000).body
    assert (following["customer_balance_applied"], following["amount_due"]) == (-30, 1_030)
    _pay(shop, following["invoice_id"])
    assert (shop.balance(), shop.balance("external:card")) == (0, -1_030)


def test_bl11_small_debts_add_up_until_they_can_be_charged(shop: Shop) -> None:
    assert [_create(shop, 30).body["status"] for _ in range(2)] == ["paid", "open"]
    assert shop.invoices()[-1]["amount_due"] == 60


def test_bl11_the_smallest_charge_is_that_of_the_currency(shop: Shop) -> None:
    """Rules M-5: mxn 1000."""
    assert _create(shop, 999, "mxn").body["status"] == "paid"
    assert _create(shop, 1, "mxn").body["amount_due"] == 1000


def test_bl11_a_carried_debit_makes_no_invoice_dearer_than_the_largest_charge(shop: Shop) -> None:
    """A debit of 49, an invoice of 99,999,980: 19 more can be charged, 30 are carried on (M-6)."""
    shop.set_balance(-49)
    item = {"description": "work", "quantity": 1, "unit_price": 99_999_980}
    invoice = shop.post("/billing/invoices", {"customer_id": "alice", "items": [item]}).body
    assert (invoice["customer_balance_applied"], invoice["amount_due"]) == (-19, 99_999_999)
    paid = shop.post(f"/billing/invoices/{invoice['invoice_id']}/pay", {"payment_method_id": "pm_card_visa"})
    assert paid.body["status"] == "paid"
    assert shop.balance() == -30
