"""Payments over a blockchain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isa_user._async._base import AsyncServiceClient
from isa_user._operations import payment as ops

if TYPE_CHECKING:
    from typing import Unpack

    from isa_user._options import CallOptions, WriteOptions
    from isa_user.models.payment import CryptoPayment

__all__ = ["PaymentClientCrypto"]


class PaymentClientCrypto(AsyncServiceClient):
    """The part of the payment client that is paid in coins (rules 2.6)."""

    async def create_crypto_payment(
        self,
        *,
        amount: int,
        currency: str,
        blockchain: str,
        wallet_address: str,
        **options: Unpack[WriteOptions],
    ) -> CryptoPayment:
        """Ask for a payment in a coin; ``wallet_address`` is the payer's own address on that chain.

        ``amount`` counts in cents for stablecoins (100 usdc = 1.00 USDC), in satoshi, gwei or lamports
        for native coins. Raises InvalidRequestError (coin, chain or address), and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``WriteOptions``).

        Page: "Cryptocurrency Support".
        """
        body = {
            "amount": amount,
            "currency": currency,
            "blockchain": blockchain,
            "wallet_address": wallet_address,
        }
        return await self._core.call(ops.CREATE_CRYPTO_PAYMENT, options, body=body)

    async def get_crypto_payment(
        self, crypto_payment_id: str, **options: Unpack[CallOptions]
    ) -> CryptoPayment:
        """Read a crypto payment: what arrived so far, and how many confirmations it has.

        Raises NotFoundError (unknown, or somebody else's), and what every read raises.

        Options: token, timeout, deadline, max_retries, extra_headers (``CallOptions``).

        Extension: rules CY-1.
        """
        path = {"crypto_payment_id": crypto_payment_id}
        return await self._core.call(ops.GET_CRYPTO_PAYMENT, options, path=path)

    async def cancel_crypto_payment(
        self, crypto_payment_id: str, **options: Unpack[WriteOptions]
    ) -> CryptoPayment:
        """Give up a crypto payment to which nothing was sent yet.

        Raises ConflictError (something arrived, or it is over), NotFoundError, and what every write
        raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``WriteOptions``).

        Extension: rules 2.6.
        """
        path = {"crypto_payment_id": crypto_payment_id}
        return await self._core.call(ops.CANCEL_CRYPTO_PAYMENT, options, path=path)
