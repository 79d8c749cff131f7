"""The history: intents and crypto payments in one order, filtered and paged (rules PH-1, 8.5)."""

from __future__ import annotations

from typing import Any

import pytest

from isa_mockserver.testing import MockServer

API = "/api/v1/payments"
PAYER = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


class Shop:
    """A server and one user's way through it; `order` keeps the ids of the payments, oldest first."""

    def __init__(self) -> None:
        self.server = MockServer(check_responses=True, clock="2024-01-28T10:00:00Z")
        self.order: list[str] = []

    def intent(self, currency: str = "usd", method: str | None = None, user: str = "user_1") -> str:
        body: dict[str, Any] = {"amount": 2999, "currency": currency}
        if method:
            body |= {"payment_method_id": method, "confirm": True}
        answer = self.server.request("POST", f"{API}/intent", json_body=body, user=user).json()
        id_: str = answer.get("payment_intent_id") or answer["context"]["payment_intent_id"]
        self.order.append(id_)
        return id_

    def crypto(self) -> str:
        body = {"amount": 100, "currency": "usdc", "blockchain": "ethereum", "wallet_address": PAYER}
        answer = self.server.request("POST", f"{API}/crypto", json_body=body)
        id_: str = answer.json()["crypto_payment_id"]
        self.order.append(id_)
        return id_

    def deposit(self) -> str:
        body = {"amount": 5000, "currency": "usd", "payment_method_id": "pm_card_visa"}
        answer = self.server.request("POST", "/api/v1/wallets/me/deposit", json_body=body)
        id_: str = answer.json()["payment_intent_id"]
        self.order.append(id_)
        return id_

    def page(self, query: str = "", user: str = "user_1") -> dict[str, Any]:
        answer = self.server.request("GET", f"{API}/history{query}", user=user)
        assert answer.status == 200, answer.body
        page: dict[str, Any] = answer.json()
        return page

    def ids(self, query: str = "") -> list[str]:
        return [row["payment_id"] for row in self.page(query)["data"]]


@pytest.fixture
def shop() -> Shop:
    """A fresh shop."""
    return Shop()


def test_8_5_an_empty_history_is_an_empty_page(shop: Shop) -> None:
    assert shop.page() == {"data": [], "has_more": False, "next_cursor": None}


def test_ph_1_all_payments_stand_in_one_order_newest_first(shop: Shop) -> None:
    for _ in range(2):
        shop.intent(method="pm_card_visa")
        shop.crypto()
        shop.deposit()
        shop.server.clock.advance(seconds=1)
    assert shop.ids() == shop.order[::-1]


def test_ph_1_a_row_shows_the_amounts_and_the_refund_status(shop: Shop) -> None:
    paid = shop.intent(method="pm_card_visa")
    row: dict[str, Any] = {}
    for amount, status in ((0, "none"), (1000, "partial"), (1999, "full")):
        if amount:
            shop.server.request("POST", f"{API}/{paid}/refund", json_body={"amount": amount})
        [row] = shop.page()["data"]
        assert row["refund_status"] == status
    assert (row["status"], row["amount"], row["amount_received"], row["amount_refunded"]) == (
        "succeeded",
        2999,
        2999,
        2999,
    )
    assert (row["type"], row["payment_intent_id"]) == ("payment", paid)
    assert "client_secret" not in row


def test_ph_1_filter_by_status(shop: Shop) -> None:
    waiting, paid = shop.intent(), shop.intent(method="pm_card_visa")
    declined, pending = shop.intent(method="pm_card_chargeDeclined"), shop.crypto()
    assert shop.ids("?status=succeeded") == [paid]
    assert shop.ids("?status=requires_payment_method") == [declined, waiting]
    assert shop.ids("?status=pending") == [pending]
    assert shop.ids("?status=canceled") == []


def test_ph_1_filter_by_currency_in_either_case(shop: Shop) -> None:
    usd, eur, coin = shop.intent("usd"), shop.intent("eur"), shop.crypto()
    assert shop.ids("?currency=usd") == [usd]
    assert shop.ids("?currency=EUR") == [eur]
    assert shop.ids("?currency=usdc") == [coin]


def test_ph_1_filter_by_type(shop: Shop) -> None:
    payment, coin, deposit = shop.intent(), shop.crypto(), shop.deposit()
    assert shop.ids("?type=payment") == [payment]
    assert shop.ids("?type=crypto") == [coin]
    assert shop.ids("?type=deposit") == [deposit]
    assert shop.ids("?type=invoice") == []


def test_ph_1_created_after_includes_its_second_and_created_before_does_not(shop: Shop) -> None:
    made = []
    for _ in range(3):
        made.append(shop.intent())
        shop.server.clock.advance(seconds=1)
    at = "2024-01-28T10:00:0{}Z".format
    assert shop.ids(f"?created_after={at(1)}") == [made[2], made[1]]
    assert shop.ids(f"?created_before={at(1)}") == [made[0]]
    assert shop.ids(f"?created_after={at(1)}&created_before={at(2)}") == [made[1]]
    assert shop.ids("?created_after=2024-01-28T11:00:01%2B01:00") == [made[2], made[1]]


def test_ph_1_filters_combine(shop: Shop) -> None:
    shop.intent("eur")
    shop.intent("usd", method="pm_card_visa")
    wanted = shop.intent("eur", method="pm_card_visa")
    shop.crypto()
    assert shop.ids("?status=succeeded&currency=eur&type=payment") == [wanted]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("status=refunded_twice", "invalid_value"),
        ("currency=xyz", "unsupported_currency"),
        ("type=gift", "invalid_value"),
        ("created_after=yesterday", "invalid_timestamp"),
        ("created_before=2024-01-28T10:00:00", "invalid_timestamp"),
        ("limit=0", "invalid_limit"),
        ("limit=101", "invalid_limit"),
        ("limit=ten", "invalid_limit"),
        ("cursor=garbled", "invalid_cursor"),
    ],
)
def test_ph_1_a_filter_that_means_nothing_is_refused(shop: Shop, query: str, code: str) -> None:
    answer = shop.server.request("GET", f"{API}/history?{query}")
    assert (answer.status, answer.json()["code"]) == (422, code)
    assert answer.json()["param"] == query.partition("=")[0]


def test_8_5_pages_neither_repeat_nor_hide_while_new_payments_arrive(shop: Shop) -> None:
    for number in range(7):
        shop.crypto() if number % 2 else shop.intent()
    expected = shop.order[::-1]
    page = shop.page("?limit=3")
    seen = [row["payment_id"] for row in page["data"]]
    while page["has_more"]:
        shop.intent()
        page = shop.page(f"?limit=3&cursor={page['next_cursor']}")
        seen += [row["payment_id"] for row in page["data"]]
    assert seen == expected
    assert page["next_cursor"] is None


def test_8_5_a_cursor_belongs_to_its_user_and_filters(shop: Shop) -> None:
    for _ in range(3):
        shop.intent()
        shop.intent(user="user_2")
    cursor = shop.page("?limit=1")["next_cursor"]
    for query, user in ((f"?cursor={cursor}", "user_2"), (f"?cursor={cursor}&currency=usd", "user_1")):
        answer = shop.server.request("GET", f"{API}/history{query}", user=user)
        assert (answer.status, answer.json()["code"]) == (422, "invalid_cursor")


def test_p_4_the_history_is_the_callers_own(shop: Shop) -> None:
    shop.intent(user="user_2")
    assert shop.page()["data"] == []


def test_cy_8_a_crypto_payment_succeeds_in_the_history_when_it_is_confirmed(shop: Shop) -> None:
    coin = shop.crypto()
    chain = f"/_mock/crypto/{coin}"
    shop.server.request("POST", f"{chain}/transactions", json_body={"tx_hash": "0xaa", "amount": 100})
    assert shop.page()["data"][0]["status"] == "confirming"
    shop.server.request("POST", f"{chain}/confirmations", json_body={"confirmations": 12})
    [row] = shop.page("?status=succeeded")["data"]
    assert (row["payment_id"], row["payment_intent_id"], row["amount_received"]) == (coin, None, 100)
