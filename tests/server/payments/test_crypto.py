"""Crypto payments: what can be paid how, and the state table, row by row (rules 2.6, CY-1 to CY-8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.ledger import Reference
from isa_mockserver.services.payments.model.crypto import CryptoPayment
from isa_mockserver.services.payments.service import chain, crypto, refunds
from isa_mockserver.services.payments.service.addresses import canonical_address
from isa_mockserver.services.payments.service.resolution import resolve_crypto_payment
from isa_mockserver.services.payments.views import crypto_view, payment_view
from isa_mockserver.services.ports import RefundMade
from tests.server.payments.desk import PAYER_ON_ETHEREUM, START, Desk

PAYERS = {
    "solana": "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v",
    "bitcoin": "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
}
CHAINS: tuple[str, ...] = (
    "ethereum",
    "polygon",
    "base",
    "arbitrum",
    "optimism",
    "avalanche",
    "bnb_chain",
    "solana",
    "bitcoin",
)
MATRIX = {
    "usdc": "x x x x x x - x -",
    "usdt": "x x - x x x x - -",
    "dai": "x x - x x - - - -",
    "eth": "x - x x x - - - -",
    "matic": "- x - - - - - - -",
    "avax": "- - - - - x - - -",
    "bnb": "- - - - - - x - -",
    "sol": "- - - - - - - x -",
    "btc": "- - - - - - - - x",
}
CONFIRMATIONS: dict[str, int] = dict(zip(CHAINS, [12, 128, 12, 12, 12, 12, 15, 32, 3], strict=True))
PAIRS = [
    (coin, name, mark == "x")
    for coin, marks in MATRIX.items()
    for name, mark in zip(CHAINS, marks.split(), strict=True)
]


def pay(desk: Desk, coin: str, on: str, amount: int = 10_000_000) -> CryptoPayment:
    return desk.pay_crypto(amount, coin, blockchain=on, wallet_address=PAYERS.get(on, PAYER_ON_ETHEREUM))


def seen(desk: Desk, payment: CryptoPayment, amount: int, tx_hash: str = "0xaa") -> CryptoPayment:
    result: CryptoPayment = desk.run(chain.add_transaction, payment.id, tx_hash=tx_hash, amount=amount)
    return result


def confirmed(desk: Desk, amount: int = 100, received: int | None = None) -> CryptoPayment:
    payment = desk.pay_crypto(amount)
    seen(desk, payment, received or amount)
    result: CryptoPayment = desk.run(chain.add_confirmations, payment.id, 12)
    return result


def refused(desk: Desk, work: Any, *args: Any, **kwargs: Any) -> DomainError:
    events = desk.events()
    with pytest.raises(DomainError) as caught:
        desk.run(work, *args, **kwargs)
    assert desk.events() == events
    return caught.value


def test_cy_1_a_new_payment_waits_an_hour_at_an_address_of_the_server(desk: Desk) -> None:
    shown = crypto_view(desk.pay_crypto(100, "usdc"))
    deposit_address = shown.pop("deposit_address")
    assert shown.pop("crypto_payment_id").startswith("crypto_")
    assert shown == {
        "amount": 100,
        "currency": "usdc",
        "blockchain": "ethereum",
        "wallet_address": PAYER_ON_ETHEREUM,
        "amount_received": 0,
        "amount_decimal": "1.00",
        "amount_atomic": "1000000",
        "confirmations": 0,
        "confirmations_required": 12,
        "status": "pending",
        "expires_at": "2024-01-28T11:00:00Z",
        "overpaid_amount": None,
        "tx_hash": None,
        "created_at": "2024-01-28T10:00:00Z",
    }
    assert canonical_address(deposit_address, "evm") == deposit_address
    assert deposit_address != PAYER_ON_ETHEREUM
    assert desk.events() == ["payment.created"]


@pytest.mark.parametrize(
    ("coin", "on", "amount", "decimal", "atomic"),
    [
        ("usdc", "ethereum", 100, "1.00", "1000000"),
        ("usdt", "polygon", 12345, "123.45", "123450000"),
        ("dai", "ethereum", 100, "1.00", "1000000000000000000"),
        ("btc", "bitcoin", 1_000, "0.00001000", "1000"),
        ("eth", "base", 100_000, "0.000100000", "100000000000000"),
        ("sol", "solana", 1_000_000, "0.001000000", "1000000"),
    ],
)
def test_cy_2_the_reading_of_an_amount_is_shown(
    desk: Desk, coin: str, on: str, amount: int, decimal: str, atomic: str
) -> None:
    shown = crypto_view(pay(desk, coin, on, amount))
    assert (shown["amount"], shown["amount_decimal"], shown["amount_atomic"]) == (amount, decimal, atomic)


@pytest.mark.parametrize(
    ("coin", "on", "minimum"),
    [
        ("usdc", "ethereum", 100),
        ("usdt", "ethereum", 100),
        ("dai", "ethereum", 100),
        ("btc", "bitcoin", 1_000),
        ("eth", "ethereum", 100_000),
        ("matic", "polygon", 100_000),
        ("avax", "avalanche", 100_000),
        ("bnb", "bnb_chain", 100_000),
        ("sol", "solana", 1_000_000),
    ],
)
def test_cy_3_minima(desk: Desk, coin: str, on: str, minimum: int) -> None:
    assert pay(desk, coin, on, minimum).amount == minimum
    with pytest.raises(DomainError) as caught:
        pay(desk, coin, on, minimum - 1)
    assert (caught.value.status, caught.value.code) == (422, "amount_too_small")
    assert (caught.value.param, caught.value.context) == ("amount", {"minimum": minimum})


def test_cy_3_the_maximum(desk: Desk) -> None:
    assert desk.pay_crypto(99_999_999_999).amount == 99_999_999_999
    for amount, code in (
        (100_000_000_000, "amount_too_large"),
        (0, "invalid_amount"),
        (-5, "invalid_amount"),
    ):
        with pytest.raises(DomainError) as caught:
            desk.pay_crypto(amount)
        assert caught.value.code == code


@pytest.mark.parametrize(("coin", "on", "offered"), PAIRS)
def test_cy_4_the_matrix(desk: Desk, coin: str, on: str, offered: bool) -> None:
    if offered:
        assert crypto_view(pay(desk, coin, on))["confirmations_required"] == CONFIRMATIONS[on]
        return
    with pytest.raises(DomainError) as caught:
        pay(desk, coin, on)
    assert (caught.value.status, caught.value.code) == (422, "unsupported_currency_for_blockchain")


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"currency": "doge"}, "unsupported_currency", "currency"),
        ({"currency": "usd"}, "unsupported_currency", "currency"),
        ({"blockchain": "tron"}, "unsupported_blockchain", "blockchain"),
        ({"blockchain": "solana"}, "invalid_wallet_address", "wallet_address"),
        ({"wallet_address": "0x..."}, "invalid_wallet_address", "wallet_address"),
        ({"wallet_address": PAYERS["solana"]}, "invalid_wallet_address", "wallet_address"),
    ],
)
def test_cy_5_codes(desk: Desk, change: dict[str, Any], code: str, param: str) -> None:
    with pytest.raises(DomainError) as caught:
        desk.pay_crypto(**change)
    assert (caught.value.status, caught.value.code, caught.value.param) == (422, code, param)
    assert desk.events() == []


def test_8_3_all_failures_are_listed_in_field_order(desk: Desk) -> None:
    with pytest.raises(DomainError) as caught:
        desk.pay_crypto(0, "doge", blockchain="solana")
    assert [failure.code for failure in caught.value.failures] == [
        "invalid_amount",
        "unsupported_currency",
        "invalid_wallet_address",
    ]
    assert (caught.value.code, caught.value.param) == ("invalid_amount", "amount")


def test_8_3_an_unknown_coin_has_no_minimum_of_its_own(desk: Desk) -> None:
    with pytest.raises(DomainError) as caught:
        desk.pay_crypto(1, "doge")
    assert [failure.code for failure in caught.value.failures] == ["unsupported_currency"]


def test_cy_6_the_payers_address_comes_out_in_checksum_form(desk: Desk) -> None:
    payment = desk.pay_crypto(wallet_address=PAYER_ON_ETHEREUM.lower())
    assert payment.wallet_address == PAYER_ON_ETHEREUM


# pending


def test_2_6_enough_money_starts_the_confirmations(desk: Desk) -> None:
    payment = seen(desk, desk.pay_crypto(100), 100)
    assert (payment.status, payment.amount_received, payment.confirmations) == ("confirming", 100, 0)
    assert crypto_view(payment)["tx_hash"] == "0xaa"
    assert desk.events() == ["payment.created", "crypto_payment.confirming"]
    assert desk.world.ledger.transactions == []


def test_2_6_too_little_money_waits_for_more(desk: Desk) -> None:
    payment = desk.pay_crypto(100)
    short = seen(desk, payment, 60)
    assert (short.status, short.confirmations) == ("pending", 0)
    error = refused(desk, crypto.cancel_crypto_payment, "user_1", payment.id)
    assert (error.code, error.context) == ("crypto_payment_unexpected_state", {"status": "pending"})
    assert desk.events() == ["payment.created"]
    covered = seen(desk, payment, 40, "0xbb")
    assert crypto_view(covered)["tx_hash"] == "0xbb"
    assert (covered.status, covered.amount_received) == ("confirming", 100)


def test_2_6_nothing_in_an_hour_is_expired(desk: Desk) -> None:
    payment = desk.pay_crypto()
    desk.advance(minutes=59, seconds=59)
    assert desk.crypto(payment.id).status == "pending"
    desk.advance(seconds=1)
    assert desk.crypto(payment.id).status == "expired"
    assert desk.events() == ["payment.created", "crypto_payment.expired"]


def test_2_6_too_little_in_an_hour_is_underpaid_and_a_failed_payment(desk: Desk) -> None:
    payment = seen(desk, desk.pay_crypto(100), 99)
    assert desk.run(chain.add_confirmations, payment.id, 5).confirmations == 0
    desk.advance(hours=1)
    assert desk.crypto(payment.id).status == "underpaid"
    assert desk.events() == ["payment.created", "payment.failed", "crypto_payment.underpaid"]
    assert desk.objects("payment.failed")[0]["payment_id"] == payment.id
    assert desk.world.ledger.transactions == []


# confirming


def test_2_6_enough_confirmations_make_it_a_succeeded_payment(desk: Desk) -> None:
    payment = seen(desk, desk.pay_crypto(100), 100)
    desk.run(chain.add_confirmations, payment.id, 11)
    assert desk.crypto(payment.id).status == "confirming"
    done = desk.run(chain.add_confirmations, payment.id, 1)
    assert (done.status, done.confirmations, done.overpaid_amount) == ("confirmed", 12, None)
    assert desk.events()[-2:] == ["payment.succeeded", "crypto_payment.confirmed"]
    assert desk.balance("external:crypto:usdc", "usdc") == -100
    assert desk.world.ledger.transactions[-1].reference == Reference("payment", payment.id)
    assert desk.balance("platform:revenue:crypto", "usdc") == 100
    assert payment_view(done)["status"] == "succeeded"


def test_2_6_too_much_is_shown(desk: Desk) -> None:
    done = confirmed(desk, 100, received=130)
    assert (done.amount_received, done.overpaid_amount) == (130, 30)
    assert desk.balance("platform:revenue:crypto", "usdc") == 130


def test_2_6_the_transaction_that_completes_the_amount_is_confirmed_from_its_own_block(desk: Desk) -> None:
    payment = seen(desk, desk.pay_crypto(100), 60)
    desk.run(chain.add_confirmations, payment.id, 20)
    seen(desk, payment, 40, "0xbb")
    assert desk.run(chain.add_confirmations, payment.id, 11).status == "confirming"
    assert desk.run(chain.add_confirmations, payment.id, 1).status == "confirmed"


def test_2_6_what_was_seen_in_time_counts_after_the_hour(desk: Desk) -> None:
    payment = seen(desk, desk.pay_crypto(100), 100)
    desk.advance(hours=2)
    assert desk.crypto(payment.id).status == "confirming"
    assert desk.run(chain.add_confirmations, payment.id, 12).status == "confirmed"


def test_2_6_a_dropped_transaction_leads_back_to_pending(desk: Desk) -> None:
    payment = seen(desk, desk.pay_crypto(100), 100)
    events = desk.events()
    dropped = desk.run(chain.drop_transaction, payment.id, "0xaa")
    assert (dropped.status, dropped.amount_received) == ("pending", 0)
    assert desk.events() == events
    desk.advance(hours=1)
    assert desk.crypto(payment.id).status == "expired"


def test_2_6_a_transaction_dropped_after_the_hour_leaves_it_expired(desk: Desk) -> None:
    payment = seen(desk, desk.pay_crypto(100), 100)
    desk.advance(hours=1)
    assert desk.run(chain.drop_transaction, payment.id, "0xaa").status == "expired"


def test_2_6_a_dropped_transaction_that_was_not_needed_changes_nothing_else(desk: Desk) -> None:
    payment = seen(desk, desk.pay_crypto(100), 100)
    seen(desk, payment, 50, "0xbb")
    assert desk.run(chain.drop_transaction, payment.id, "0xbb").status == "confirming"


def test_2_6_an_unknown_transaction_cannot_be_dropped(desk: Desk) -> None:
    payment = desk.pay_crypto()
    assert refused(desk, chain.drop_transaction, payment.id, "0xaa").status == 404


def test_2_6_a_confirmed_payment_is_final(desk: Desk) -> None:
    payment = confirmed(desk)
    for work, arguments in (
        (chain.drop_transaction, {"tx_hash": "0xaa"}),
        (chain.add_transaction, {"tx_hash": "0xbb", "amount": 5}),
        (resolve_crypto_payment, {"resolution": "accept"}),
        (resolve_crypto_payment, {"resolution": "refund"}),
    ):
        error = refused(desk, work, payment.id, **arguments)
        assert (error.status, error.code) == (409, "crypto_payment_unexpected_state")
    assert desk.crypto(payment.id) == payment


# expired, underpaid


def test_2_6_money_after_the_hour_is_late_and_needs_a_decision(desk: Desk) -> None:
    payment = desk.pay_crypto(100)
    desk.advance(hours=1)
    late = seen(desk, payment, 100)
    assert (late.status, late.amount_received) == ("expired", 100)
    assert desk.events()[-1] == "crypto_payment.late"
    assert desk.run(chain.add_confirmations, payment.id, 50).status == "expired"


@pytest.mark.parametrize("received", [40, 100, 150])
def test_2_6_a_late_payment_can_be_accepted_as_it_came(desk: Desk, received: int) -> None:
    payment = desk.pay_crypto(100)
    desk.advance(hours=1)
    seen(desk, payment, received)
    done = desk.run(resolve_crypto_payment, payment.id, "accept")
    assert (done.status, done.amount) == ("confirmed", received)
    assert desk.balance("platform:revenue:crypto", "usdc") == received
    assert desk.events()[-2:] == ["payment.succeeded", "crypto_payment.confirmed"]


def test_2_6_an_underpaid_payment_can_be_accepted(desk: Desk) -> None:
    payment = seen(desk, desk.pay_crypto(100), 99)
    desk.advance(hours=1)
    done = desk.run(resolve_crypto_payment, payment.id, "accept")
    assert (done.status, done.amount, done.amount_received) == ("confirmed", 99, 99)


def test_2_6_an_underpaid_payment_can_be_given_back_without_touching_the_ledger(desk: Desk) -> None:
    payment = seen(desk, desk.pay_crypto(100), 99)
    desk.advance(hours=1)
    done = desk.run(resolve_crypto_payment, payment.id, "refund")
    assert (done.status, done.amount_refunded) == ("refunded", 99)
    assert desk.world.ledger.transactions == []
    [told] = desk.objects("refund.created")
    assert (told["payment_intent_id"], told["amount"], told["currency"]) == (payment.id, 99, "usdc")
    assert refused(desk, refunds.refund, "user_1", payment.id).code == "payment_not_refundable"


@pytest.mark.parametrize("resolution", ["accept", "refund"])
def test_2_6_without_money_there_is_nothing_to_decide(desk: Desk, resolution: str) -> None:
    payment = desk.pay_crypto()
    desk.advance(hours=1)
    assert refused(desk, resolve_crypto_payment, payment.id, resolution).status == 409


def test_2_6_a_payment_still_waiting_cannot_be_resolved(desk: Desk) -> None:
    payment = seen(desk, desk.pay_crypto(100), 60)
    assert refused(desk, resolve_crypto_payment, payment.id, "accept").status == 409


# cancel


def test_2_6_an_empty_payment_can_be_canceled(desk: Desk) -> None:
    payment = desk.pay_crypto()
    assert desk.run(crypto.cancel_crypto_payment, "user_1", payment.id).status == "canceled"
    assert desk.events() == ["payment.created", "payment.canceled"]
    assert desk.world.advance(7200) == []
    assert desk.events() == ["payment.created", "payment.canceled"]


def test_2_6_nothing_else_can_be_canceled(desk: Desk) -> None:
    partly = seen(desk, desk.pay_crypto(100), 60)
    confirming = seen(desk, desk.pay_crypto(100), 100)
    expired = desk.pay_crypto(100)
    done = confirmed(desk)
    desk.advance(hours=1)
    for payment in (partly, confirming, expired, done):
        error = refused(desk, crypto.cancel_crypto_payment, "user_1", payment.id)
        assert (error.status, error.code) == (409, "crypto_payment_unexpected_state")


@pytest.mark.parametrize("work", [crypto.find_crypto_payment, crypto.cancel_crypto_payment])
def test_p_4_a_foreign_payment_is_as_unknown_as_an_unknown_one(desk: Desk, work: Any) -> None:
    payment = desk.pay_crypto()
    foreign, unknown = refused(desk, work, "user_2", payment.id), refused(desk, work, "user_1", "crypto_x")
    assert (foreign.status, foreign.code) == (404, "crypto_payment_not_found")
    assert (foreign.code, foreign.detail, foreign.context) == (unknown.code, unknown.detail, unknown.context)


# CY-7, RF-4


def test_cy_7_the_same_transaction_counts_once(desk: Desk) -> None:
    payment = desk.pay_crypto(100)
    seen(desk, payment, 60)
    again = seen(desk, payment, 60)
    assert (again.amount_received, again.status) == (60, "pending")


def test_cy_7_no_clock_makes_confirmations(desk: Desk) -> None:
    payment = seen(desk, desk.pay_crypto(100), 100)
    desk.advance(days=30)
    assert desk.crypto(payment.id).confirmations == 0


@pytest.mark.parametrize(("amount", "code"), [(0, "invalid_amount"), (100_000_000_000, "amount_too_large")])
def test_cy_7_a_transaction_needs_an_amount(desk: Desk, amount: int, code: str) -> None:
    payment = desk.pay_crypto()
    assert refused(desk, chain.add_transaction, payment.id, tx_hash="0xaa", amount=amount).code == code


def test_cy_7_confirmations_come_in_whole_blocks(desk: Desk) -> None:
    payment = desk.pay_crypto()
    error = refused(desk, chain.add_confirmations, payment.id, 0)
    assert (error.code, error.param) == ("invalid_value", "confirmations")


def test_cy_7_an_unknown_payment_is_not_found(desk: Desk) -> None:
    assert refused(desk, chain.add_confirmations, "crypto_unknown", 1).code == "crypto_payment_not_found"


def test_rf_4_a_confirmed_payment_is_refunded_in_its_coin(desk: Desk) -> None:
    payment = confirmed(desk, 100)
    made = desk.refund(payment.id, 30)
    assert (made.amount, made.currency, made.status) == (30, "usdc", "succeeded")
    assert desk.balance("external:crypto:usdc", "usdc") == -70
    assert desk.balance("platform:revenue:crypto", "usdc") == 70
    assert payment_view(desk.crypto(payment.id))["refund_status"] == "partial"
    assert desk.refund(payment.id).amount == 70
    assert refused(desk, refunds.refund, "user_1", payment.id).code == "charge_already_refunded"


def test_rf_4_a_refund_may_be_as_large_as_a_crypto_payment(desk: Desk) -> None:
    """CY-3: up to 99,999,999,999, beyond the maximum of a card charge (M-6)."""
    payment = confirmed(desk, 99_999_999_999)
    assert desk.refund(payment.id, 100_000_000).amount == 100_000_000
    [told] = desk.heard(RefundMade)
    assert (told.type, told.reference, told.amount) == ("crypto", None, 100_000_000)


@pytest.mark.parametrize("received", [0, 60, 100])
def test_rf_4_an_unconfirmed_payment_is_not_refundable(desk: Desk, received: int) -> None:
    payment = desk.pay_crypto(100)
    if received:
        seen(desk, payment, received)
    assert refused(desk, refunds.refund, "user_1", payment.id).code == "payment_not_refundable"


def test_rf_7_the_window_of_a_crypto_payment_starts_with_its_confirmation(desk: Desk) -> None:
    payment = seen(desk, desk.pay_crypto(100), 100)
    desk.advance(days=30)
    done = desk.run(chain.add_confirmations, payment.id, 12)
    assert done.succeeded_at == START + timedelta(days=30)
    desk.advance(days=180)
    assert desk.refund(payment.id).amount == 100


def test_2_6_confirmations_are_those_of_the_oldest_transfers_that_cover_the_amount(desk: Desk) -> None:
    """60 with 5 blocks and 60 with 3 cover 100 with 3, whatever their hashes and the 100 without any."""
    payment = desk.pay_crypto(100)
    for tx_hash, amount, blocks in (("0xcc", 60, 2), ("0xbb", 60, 3), ("0xaa", 100, 0)):
        seen(desk, payment, amount, tx_hash)
        if blocks:
            desk.run(chain.add_confirmations, payment.id, blocks)
    assert desk.crypto(payment.id).confirmations == 3
