"""Crypto payments as their owner sees them: create, find, cancel (rules CY-1 to CY-6)."""

from __future__ import annotations

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.money import positive_amount
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.payments.model.coins import CHAINS, COINS, MAX_AMOUNT
from isa_mockserver.services.payments.model.crypto import (
    CRYPTO_PAYMENTS,
    PAYMENT_WINDOW,
    CryptoPayment,
)
from isa_mockserver.services.payments.model.payment import HISTORY, HistoryEntry
from isa_mockserver.services.payments.views import payment_view

from .addresses import address_for, canonical_address
from .chain import follow, unexpected_state
from .checks import all_checks


def create_crypto_payment(
    unit: Unit, owner: str, *, amount: int, currency: str, blockchain: str, wallet_address: str
) -> CryptoPayment:
    """Wait for a transfer from the payer's `wallet_address`; `amount` in the coin's API unit (CY-1, CY-2).

    Raises:
        DomainError: `invalid_amount`, `amount_too_small`, `amount_too_large`, `unsupported_currency`,
            `unsupported_blockchain`, `unsupported_currency_for_blockchain`, `invalid_wallet_address`.
    """
    coin, chain = currency.lower(), blockchain.lower()
    all_checks(
        lambda: _check_amount(amount, coin),
        lambda: _check_coin(coin),
        lambda: _check_chain(coin, chain),
        lambda: _check_address(wallet_address, chain),
    )
    id_ = unit.new_id("crypto")
    payment = CryptoPayment(
        id=id_,
        owner=owner,
        created_at=unit.now,
        amount=amount,
        currency=coin,
        blockchain=chain,
        wallet_address=_checked_address(wallet_address, chain),
        deposit_address=address_for(id_, CHAINS[chain].addresses),
        expires_at=unit.now + PAYMENT_WINDOW,
    )
    unit.put(HISTORY, HistoryEntry(id_, owner, unit.now))
    unit.put(CRYPTO_PAYMENTS, payment)
    unit.plan(payment.expires_at, "crypto_expiry", id_)
    unit.emit("payment.created", owner, payment_view(payment))
    return payment


def find_crypto_payment(unit: Unit, owner: str, payment_id: str) -> CryptoPayment:
    """The user's crypto payment.

    Raises:
        DomainError: `crypto_payment_not_found`.
    """
    payment = unit.get(CRYPTO_PAYMENTS, payment_id)
    if payment is None or payment.owner != owner:
        raise DomainError("crypto_payment_not_found", "There is no such crypto payment.")
    return payment


def cancel_crypto_payment(unit: Unit, owner: str, payment_id: str) -> CryptoPayment:
    """Give up a payment to which nothing was sent (rules 2.6).

    Raises:
        DomainError: `crypto_payment_not_found`, `crypto_payment_unexpected_state`.
    """
    payment = find_crypto_payment(unit, owner, payment_id)
    if payment.amount_received:
        raise unexpected_state(payment)
    unit.unplan("crypto_expiry", payment.id)
    return follow(unit, payment, "canceled")


def _check_amount(amount: int, coin: str) -> None:
    positive_amount(amount, maximum=MAX_AMOUNT)
    minimum = COINS[coin].minimum if coin in COINS else 1
    if amount < minimum:
        raise DomainError(
            "amount_too_small",
            f"The smallest payment in {coin} is {minimum} of its smallest units here.",
            param="amount",
            context={"minimum": minimum},
        )


def _check_coin(coin: str) -> None:
    if coin not in COINS:
        raise DomainError(
            "unsupported_currency",
            f"This coin is not supported; use one of {', '.join(COINS)}.",
            param="currency",
        )


def _check_chain(coin: str, chain: str) -> None:
    if chain not in CHAINS:
        raise DomainError(
            "unsupported_blockchain",
            f"This blockchain is not supported; use one of {', '.join(CHAINS)}.",
            param="blockchain",
        )
    if coin in COINS and chain not in COINS[coin].chains:
        raise DomainError(
            "unsupported_currency_for_blockchain",
            f"{coin} is paid on {', '.join(sorted(COINS[coin].chains))}.",
            param="blockchain",
        )


def _check_address(address: str, chain: str) -> None:
    if chain in CHAINS:
        _checked_address(address, chain)


def _checked_address(address: str, chain: str) -> str:
    canonical = canonical_address(address, CHAINS[chain].addresses)
    if canonical is None:
        raise DomainError(
            "invalid_wallet_address",
            f"This is not an address on {chain}; give the payer's own address there.",
            param="wallet_address",
        )
    return canonical
