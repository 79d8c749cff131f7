# Made by scripts/sync_twin.py from _async/_crypto.py; change that file instead.
# ruff: noqa: I001, RUF100
# fmt: off
"""Payments over a blockchain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isa_user._sync._base import SyncServiceClient
from isa_user._operations import payment as ops

if TYPE_CHECKING:
    from typing import Unpack

    from isa_user._options import SyncCallOptions, SyncWriteOptions
    from isa_user.models.payment import CryptoPayment

__all__ = ["PaymentClientCrypto"]


class PaymentClientCrypto(SyncServiceClient):
    """The part of the payment client that is paid in coins (rules 2.6)."""

    def create_crypto_payment(
        self,
        *,
        amount: int,
        currency: str,
        blockchain: str,
        wallet_address: str,
        **options: Unpack[SyncWriteOptions],
    ) -> CryptoPayment:
        """Ask for a payment in a coin; ``wallet_address`` is the payer's own address on that chain.

        ``amount`` counts in cents for stablecoins (100 usdc = 1.00 USDC), in satoshi, gwei or lamports
        for native coins. Raises InvalidRequestError (coin, chain or address), and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``SyncWriteOptions``).

        Page: "Cryptocurrency Support".
        """
        body = {
            "amount": amount,
            "currency": currency,
            "blockchain": blockchain,
            "wallet_address": wallet_address,
        }
        return self._core.call(ops.CREATE_CRYPTO_PAYMENT, options, body=body)

    def get_crypto_payment(
        self, crypto_payment_id: str, **options: Unpack[SyncCallOptions]
    ) -> CryptoPayment:
        """Read a crypto payment: what arrived so far, and how many confirmations it has.

        Raises NotFoundError (unknown, or somebody else's), and what every read raises.

        Options: token, timeout, deadline, max_retries, extra_headers (``SyncCallOptions``).

        Extension: rules CY-1.
        """
        path = {"crypto_payment_id": crypto_payment_id}
        return self._core.call(ops.GET_CRYPTO_PAYMENT, options, path=path)

    def cancel_crypto_payment(
        self, crypto_payment_id: str, **options: Unpack[SyncWriteOptions]
    ) -> CryptoPayment:
        """Give up a crypto payment to which nothing was sent yet.

        Raises ConflictError (something arrived, or it is over), NotFoundError, and what every write
        raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``SyncWriteOptions``).

        Extension: rules 2.6.
        """
        path = {"crypto_payment_id": crypto_payment_id}
        return self._core.call(ops.CANCEL_CRYPTO_PAYMENT, options, path=path)
