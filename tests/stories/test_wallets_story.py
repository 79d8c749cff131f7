"""Depositing, transferring and reading the statement, told through the SDK only."""

from __future__ import annotations

import pytest

from isa_user import (
    CardDeclinedError,
    InsufficientFundsError,
    InvalidRequestError,
    NotFoundError,
)

from .colours import Cast, everything, story


@story
async def test_w1_a_wallet_is_there_from_the_first_look(cast: Cast) -> None:
    client = cast.wallets()
    wallet = await client.get_balance()
    assert (wallet.balances, wallet.pending) == ({"usd": 0, "credits": 0}, {"usd": 0})
    assert (await client.get_balance()).wallet_id == wallet.wallet_id


@story
async def test_a_deposit_and_a_transfer_move_exactly_their_amounts(cast: Cast) -> None:
    alice, bob = cast.wallets("user_1"), cast.wallets("user_2")
    await bob.get_balance()
    deposit = await alice.deposit(amount=5000, currency="usd", payment_method_id="pm_card_visa")
    assert (deposit.status, deposit.amount, deposit.balance) == ("completed", 5000, 5000)
    transfer = await alice.transfer(
        to_user_id="user_2", amount=1000, currency="usd", note="Payment for services"
    )
    assert (transfer.status, transfer.balance, transfer.to_user_id) == ("completed", 4000, "user_2")
    assert (await alice.get_balance()).balances["usd"] == 4000
    assert (await bob.get_balance()).balances["usd"] == 1000

    sent, received = await everything(alice.get_transactions())
    assert (sent.type, sent.amount, sent.balance_before, sent.balance_after) == (
        "transfer_out",
        -1000,
        5000,
        4000,
    )
    assert (received.type, received.amount, received.balance_after) == ("deposit", 5000, 5000)
    [incoming] = await everything(bob.get_transactions(type="transfer_in"))
    assert (incoming.amount, incoming.note, incoming.transfer_id) == (
        1000,
        "Payment for services",
        transfer.transfer_id,
    )
    assert cast.server.events.types() == [
        "payment.created",
        "payment.succeeded",
        "wallet.deposited",
        "wallet.transferred",
        "wallet.transferred",
    ]
    [paid] = (await cast.payments("user_1").get_history(type="deposit")).data
    assert paid.payment_intent_id == deposit.payment_intent_id


@story
async def test_a_declined_deposit_leaves_the_wallet_untouched(cast: Cast) -> None:
    client = cast.wallets()
    with pytest.raises(CardDeclinedError) as caught:
        await client.deposit(amount=5000, currency="usd", payment_method_id="pm_card_chargeDeclined")
    assert caught.value.decline_code == "generic_decline"
    assert (await client.get_balance()).balances["usd"] == 0
    assert await everything(client.get_transactions()) == []
    assert cast.server.events.types() == ["payment.created", "payment.failed"]


@story
async def test_w8_the_second_of_two_transfers_of_800_out_of_1000_falls_short(cast: Cast) -> None:
    alice = cast.wallets("user_1")
    await cast.wallets("user_2").get_balance()
    await alice.deposit(amount=1000, currency="usd", payment_method_id="pm_card_visa")
    await alice.transfer(to_user_id="user_2", amount=800, currency="usd")
    with pytest.raises(InsufficientFundsError) as caught:
        await alice.transfer(to_user_id="user_2", amount=800, currency="usd")
    assert caught.value.context == {"available": 200, "required": 800, "shortfall": 600}
    assert (await alice.get_balance()).balances["usd"] == 200


@story
async def test_w5_transfers_to_oneself_or_to_nobody_are_refused(cast: Cast) -> None:
    client = cast.wallets()
    with pytest.raises(InvalidRequestError) as oneself:
        await client.transfer(to_user_id="user_1", amount=1, currency="usd")
    assert oneself.value.code == "self_transfer_not_allowed"
    with pytest.raises(NotFoundError) as nobody:
        await client.transfer(to_user_id="user_404", amount=1, currency="usd")
    assert nobody.value.code == "recipient_not_found"


@story
async def test_w3_credits_cannot_be_deposited(cast: Cast) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        await cast.wallets().deposit(amount=500, currency="credits", payment_method_id="pm_card_visa")
    assert caught.value.code == "currency_not_supported_for_operation"
    assert "/credits/purchase" in caught.value.message


@story
async def test_m11_cr17_credits_are_no_money_and_go_to_no_other_user(cast: Cast) -> None:
    await cast.wallets("user_2").get_balance()
    await cast.credits().purchase(package="credits_100", payment_method_id="pm_card_visa")
    with pytest.raises(InvalidRequestError) as caught:
        await cast.wallets().transfer(to_user_id="user_2", amount=1, currency="credits")
    assert caught.value.code == "currency_not_supported_for_operation"
    for amount, currency in ((100, "credits"), (1000, "CREDITS")):
        with pytest.raises(InvalidRequestError):
            await cast.payments().create_intent(amount=amount, currency=currency)
    assert (await cast.credits("user_2").get_balance()).total_credits == 0


@story
async def test_rf5_refunding_a_deposit_takes_it_out_of_the_wallet_again(cast: Cast) -> None:
    wallets, payments = cast.wallets(), cast.payments()
    deposit = await wallets.deposit(amount=5000, currency="usd", payment_method_id="pm_card_visa")
    assert deposit.payment_intent_id is not None
    await payments.refund(deposit.payment_intent_id, amount=2000)
    assert (await wallets.get_balance()).balances["usd"] == 3000
    await cast.wallets("user_2").get_balance()
    await wallets.transfer(to_user_id="user_2", amount=2500, currency="usd")
    with pytest.raises(InsufficientFundsError):
        await payments.refund(deposit.payment_intent_id, amount=501)
    assert (await wallets.get_balance()).balances["usd"] == 500
