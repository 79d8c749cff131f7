"""A payment over a blockchain, from its address to its last confirmation (rules 2.6)."""

from __future__ import annotations

from datetime import UTC, datetime

from isa_user import ConflictError, CryptoPayment, InvalidRequestError, NotFoundError

from .colours import Cast, story
from .failures import fails

PAYER = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
BY_STATUS = "Read the object again and decide by its present status."


async def _asked(cast: Cast) -> CryptoPayment:
    return await cast.payments().create_crypto_payment(
        amount=100, currency="usdc", blockchain="ethereum", wallet_address=PAYER
    )


def _transfer(cast: Cast, payment: CryptoPayment, tx_hash: str, amount: int) -> None:
    body = {"tx_hash": tx_hash, "amount": amount}
    cast.play("POST", f"/crypto/{payment.crypto_payment_id}/transactions", body)


def _blocks(cast: Cast, payment: CryptoPayment, number: int) -> None:
    cast.play("POST", f"/crypto/{payment.crypto_payment_id}/confirmations", {"confirmations": number})


@story
async def test_cy7_twelve_confirmations_make_a_payment_and_more_than_asked_is_noted(cast: Cast) -> None:
    client = cast.payments()
    asked = await _asked(cast)
    assert asked.expires_at == datetime(2024, 1, 28, 1, tzinfo=UTC)
    assert (asked.confirmations, asked.confirmations_required) == (0, 12)
    _transfer(cast, asked, "0xaa", 120)
    seen = await client.get_crypto_payment(asked.crypto_payment_id)
    assert (seen.status, seen.amount_received, seen.tx_hash) == ("confirming", 120, "0xaa")
    _blocks(cast, asked, 11)
    assert (await client.get_crypto_payment(asked.crypto_payment_id)).status == "confirming"
    _blocks(cast, asked, 1)
    done = await client.get_crypto_payment(asked.crypto_payment_id)
    assert (done.status, done.confirmations, done.overpaid_amount) == ("confirmed", 12, 20)
    [row] = (await client.get_history(type="crypto")).data
    assert (row.payment_id, row.status) == (asked.crypto_payment_id, "succeeded")
    assert row.payment_intent_id is None
    assert cast.server.events.types()[-2:] == ["payment.succeeded", "crypto_payment.confirmed"]


@story
async def test_2_6_what_comes_in_parts_adds_up_and_what_stays_short_is_underpaid(cast: Cast) -> None:
    client = cast.payments()
    whole, short = await _asked(cast), await _asked(cast)
    _transfer(cast, whole, "0xaa", 60)
    assert (await client.get_crypto_payment(whole.crypto_payment_id)).status == "pending"
    _transfer(cast, whole, "0xbb", 40)
    assert (await client.get_crypto_payment(whole.crypto_payment_id)).status == "confirming"
    _transfer(cast, short, "0xcc", 60)
    cast.server.clock.advance(hours=1)
    underpaid = await client.get_crypto_payment(short.crypto_payment_id)
    assert (underpaid.status, underpaid.amount_received) == ("underpaid", 60)
    assert (await client.get_crypto_payment(whole.crypto_payment_id)).status == "confirming"


@story
async def test_2_6_what_nobody_pays_expires_and_a_late_transfer_needs_a_decision(cast: Cast) -> None:
    client = cast.payments()
    asked = await _asked(cast)
    cast.server.clock.advance(hours=1)
    assert (await client.get_crypto_payment(asked.crypto_payment_id)).status == "expired"
    _transfer(cast, asked, "0xaa", 100)
    assert cast.server.events.types()[-1] == "crypto_payment.late"
    cast.play("POST", f"/crypto/{asked.crypto_payment_id}/resolve", {"resolution": "accept"})
    assert (await client.get_crypto_payment(asked.crypto_payment_id)).status == "confirmed"


@story
async def test_2_6_only_a_payment_to_which_nothing_was_sent_can_be_canceled(cast: Cast) -> None:
    client = cast.payments()
    asked, paid = await _asked(cast), await _asked(cast)
    canceled = await client.cancel_crypto_payment(asked.crypto_payment_id)
    assert canceled.status == "canceled"
    assert cast.server.events.types()[-1] == "payment.canceled"
    _transfer(cast, paid, "0xaa", 100)
    for payment in (asked, paid):
        with fails(ConflictError, 409, "crypto_payment_unexpected_state", says=BY_STATUS):
            await client.cancel_crypto_payment(payment.crypto_payment_id)
    says = "Check the id, whose token is used, and that the base URL is the right service."
    with fails(NotFoundError, 404, "crypto_payment_not_found", says=says):
        await cast.payments("user_2").get_crypto_payment(asked.crypto_payment_id)


@story
async def test_cy5_an_address_of_another_chain_and_a_pair_that_is_not_served_are_named(cast: Cast) -> None:
    client = cast.payments()
    says = "Nothing was applied; correct what the message names (error.errors has all)."
    with fails(InvalidRequestError, 422, "invalid_wallet_address", param="wallet_address", says=says):
        await client.create_crypto_payment(
            amount=100, currency="usdc", blockchain="solana", wallet_address=PAYER
        )
    with fails(
        InvalidRequestError, 422, "unsupported_currency_for_blockchain", param="blockchain", says=says
    ):
        await client.create_crypto_payment(
            amount=100, currency="dai", blockchain="base", wallet_address=PAYER
        )
