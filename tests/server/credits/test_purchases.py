"""Buying credits (rules CR-1 to CR-3) and the price table of the page."""

from __future__ import annotations

from functools import partial

import pytest

from isa_mockserver.services.credits.service.purchases import paid, payment_failed
from tests.server.wallets.bank import Bank, Got


def _purchase(bank: Bank, package: str = "credits_1000", method: str = "pm_card_visa") -> Got:
    return bank.post("/credits/purchase", {"package": package, "payment_method_id": method})


def _total(bank: Bank) -> int:
    return int(bank.get("/credits/me").body["total_credits"])


@pytest.mark.parametrize(
    ("package", "name", "units", "price"),
    [
        ("credits_100", "Starter", 100, 1000),
        ("credits_500", "Standard", 500, 4500),
        ("credits_1000", "Pro", 1000, 8000),
        ("credits_5000", "Enterprise", 5000, 35000),
    ],
)
def test_a_package_gives_its_credits_for_its_price(
    bank: Bank, package: str, name: str, units: int, price: int
) -> None:
    """Heading "Credit Packages": 4500 cents for 500 credits, and so on (rules CR-1, A4)."""
    got = _purchase(bank, package)
    assert got.status == 201
    assert (got.body["package"], got.body["credits"], got.body["amount"]) == (package, units, price)
    assert (got.body["currency"], got.body["status"]) == ("usd", "completed")
    assert got.body["balance"] == {"total": units, "available": units, "reserved": 0}
    assert bank.balance("platform:revenue:credits", "usd") == price
    assert bank.balance("credits:alice:available", "credits") == units
    rows = bank.get("/credits/packages").body["data"]
    row = {"package": package, "name": name, "credits": units, "price": price, "currency": "usd"}
    assert row in rows


def test_cr1_the_price_table_is_answered_from_small_to_large(bank: Bank) -> None:
    body = bank.get("/credits/packages").body
    assert [row["credits"] for row in body["data"]] == [100, 500, 1000, 5000]
    assert (body["has_more"], body["next_cursor"]) == (False, None)


@pytest.mark.parametrize("text", ["pro", "PRO", "Pro", "credits_1000"])
def test_cr1_a_package_is_known_by_its_id_and_by_its_name_in_any_case(bank: Bank, text: str) -> None:
    assert _purchase(bank, text).body["package"] == "credits_1000"


def test_cr1_an_unknown_package_is_refused_with_the_known_ones(bank: Bank) -> None:
    got = _purchase(bank, "credits_2")
    assert (got.status, got.code, got.body["param"]) == (404, "package_not_found", "package")
    assert got.body["context"]["packages"] == ["credits_100", "credits_500", "credits_1000", "credits_5000"]
    assert bank.world.events == []


def test_cr3_purchased_credits_live_for_twelve_calendar_months(bank: Bank) -> None:
    got = _purchase(bank)
    assert got.body["expires_at"] == "2025-02-01T00:00:00Z"
    assert bank.get("/credits/me").body["expiring_soon"] is None
    bank.advance(days=365)
    assert _total(bank) == 1000
    bank.advance(days=1)
    assert _total(bank) == 0


def test_cr3_a_year_after_the_leap_day_is_the_28th(bank: Bank) -> None:
    bank.advance(days=28)
    assert _purchase(bank).body["expires_at"] == "2025-02-28T00:00:00Z"


def test_wh3b_a_purchase_tells_of_the_payment_before_the_credits(bank: Bank) -> None:
    got = _purchase(bank)
    assert bank.event_types() == ["payment.created", "payment.succeeded", "credits.granted"]
    [event] = bank.events("credits.granted")
    assert (event.object["grant_id"], event.object["purchase_id"]) == (
        got.body["grant_id"],
        got.body["purchase_id"],
    )
    assert (event.object["source"], event.object["amount"], event.object["cost_basis"]) == (
        "purchase",
        1000,
        8,
    )


def test_cr2_a_declined_purchase_grants_nothing(bank: Bank) -> None:
    got = _purchase(bank, method="pm_card_chargeDeclinedInsufficientFunds")
    assert (got.status, got.code, got.body["decline_code"]) == (402, "card_declined", "insufficient_funds")
    assert got.body["context"]["payment_intent_id"].startswith("pi_")
    assert _total(bank) == 0
    assert bank.event_types() == ["payment.created", "payment.failed"]


def test_cr2_a_3ds_purchase_is_granted_when_the_customer_has_authenticated(bank: Bank) -> None:
    got = _purchase(bank, method="pm_card_authenticationRequired")
    assert (got.status, got.body["status"]) == (202, "requires_action")
    assert (got.body["grant_id"], got.body["expires_at"]) == (None, None)
    assert got.body["client_secret"].startswith(got.body["payment_intent_id"])
    assert _total(bank) == 0
    bank.authenticate(got.body["payment_intent_id"], "success")
    assert _total(bank) == 1000
    assert bank.event_types()[-2:] == ["payment.succeeded", "credits.granted"]


def test_cr2_a_3ds_purchase_that_fails_is_granted_once_it_is_paid_after_all(bank: Bank) -> None:
    intent_id = _purchase(bank, method="pm_card_authenticationRequired").body["payment_intent_id"]
    bank.authenticate(intent_id, "failure")
    assert _total(bank) == 0
    bank.post(f"/payments/intent/{intent_id}/confirm", {"payment_method_id": "pm_card_visa"})
    assert _total(bank) == 1000
    assert len(bank.events("credits.granted")) == 1


def test_cr2_a_purchase_by_bank_is_granted_when_the_debit_settles(bank: Bank) -> None:
    got = _purchase(bank, method="pm_bank_success")
    assert (got.status, got.body["status"], got.body["client_secret"]) == (202, "pending", None)
    assert _total(bank) == 0
    bank.advance(days=3)
    assert _total(bank) == 1000


def test_cr2_a_purchase_whose_debit_is_returned_grants_nothing(bank: Bank) -> None:
    got = _purchase(bank, method="pm_bank_fail").body
    bank.advance(days=3)
    assert _total(bank) == 0
    purchases = bank.world.tables["credit_purchases"].rows
    assert purchases[got["purchase_id"]].status == "failed"
    confirm = f"/payments/intent/{got['payment_intent_id']}/confirm"
    bank.post(confirm, {"payment_method_id": "pm_card_visa"})
    assert (_total(bank), purchases[got["purchase_id"]].status) == (1000, "completed")


def test_cr2_credits_can_be_bought_out_of_the_wallet(bank: Bank) -> None:
    deposit = {"amount": 10000, "currency": "usd", "payment_method_id": "pm_card_visa"}
    bank.post("/wallets/me/deposit", deposit)
    assert _purchase(bank, method="pm_wallet").status == 201
    assert bank.get("/wallets/me").body["balances"] == {"usd": 2000, "credits": 1000}
    short = _purchase(bank, method="pm_wallet")
    assert (short.status, short.code) == (402, "insufficient_funds")


def test_cr2_the_same_key_never_grants_twice(bank: Bank) -> None:
    """Invariant 31."""
    body = {"package": "credits_100", "payment_method_id": "pm_card_visa"}
    first = bank.post("/credits/purchase", body, key="k")
    assert bank.post("/credits/purchase", body, key="k") == first
    assert _total(bank) == 100


def test_cr2_news_of_a_payment_that_was_granted_for_changes_nothing(bank: Bank) -> None:
    got = _purchase(bank)
    for act in (paid, payment_failed):
        bank.do(partial(act, purchase_id=got.body["purchase_id"]))
    assert _total(bank) == 1000
    assert bank.world.tables["credit_purchases"].rows[got.body["purchase_id"]].status == "completed"


@pytest.mark.parametrize("missing", ["package", "payment_method_id"])
def test_a_purchase_needs_a_package_and_a_method(bank: Bank, missing: str) -> None:
    body = {"package": "credits_100", "payment_method_id": "pm_card_visa"}
    del body[missing]
    got = bank.post("/credits/purchase", body)
    assert (got.status, got.code, got.body["param"]) == (422, "missing_field", missing)


def test_an_unknown_method_buys_nothing(bank: Bank) -> None:
    got = _purchase(bank, method="pm_none")
    assert (got.status, got.code) == (404, "payment_method_not_found")
