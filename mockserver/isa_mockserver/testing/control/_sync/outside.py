# Made by scripts/sync_twin.py from _async/outside.py; change that file instead.
# ruff: noqa: I001, RUF100
# fmt: off
"""Control calls that play the outside world: the issuer, the chains, the operator."""

from __future__ import annotations

from typing import Literal, Unpack

from isa_mockserver.testing.control.answers import CreditGrant, FrozenWallet
from isa_mockserver.testing.control.options import Expiry, moment
from isa_user.models.payment import CryptoPayment, PaymentIntent

from .base import Calls


class OutsideCalls(Calls):
    """3-D Secure, chains, wallets, grants."""

    def authenticate_intent(
        self, payment_intent_id: str, outcome: Literal["success", "failure"] = "success"
    ) -> PaymentIntent:
        """Let the customer pass or fail authentication (rules 2.3).

        Codes: `payment_intent_not_found`, `payment_intent_unexpected_state`.
        """
        path = {"id": payment_intent_id}
        return self._read(PaymentIntent, "authenticate_intent", path=path, body={"outcome": outcome})

    def add_crypto_transaction(
        self, crypto_payment_id: str, *, tx_hash: str, amount: int
    ) -> CryptoPayment:
        """Show a transfer on the chain, `amount` in the coin's API unit (rules CY-2, CY-7).

        Codes: `crypto_payment_not_found`, `crypto_payment_unexpected_state`, `amount_overflow`.
        """
        body = {"tx_hash": tx_hash, "amount": amount}
        path = {"id": crypto_payment_id}
        return self._read(CryptoPayment, "add_crypto_transaction", path=path, body=body)

    def drop_crypto_transaction(self, crypto_payment_id: str, tx_hash: str) -> CryptoPayment:
        """Drop a transfer from the chain before it is final (rules 2.6).

        Codes: `crypto_payment_not_found`, `crypto_payment_unexpected_state`.
        """
        path = {"id": crypto_payment_id, "hash": tx_hash}
        return self._read(CryptoPayment, "drop_crypto_transaction", path=path)

    def add_crypto_confirmations(self, crypto_payment_id: str, confirmations: int) -> CryptoPayment:
        """Add blocks on top of every transfer seen so far (rules CY-7).

        Codes: `crypto_payment_not_found`, `invalid_value`.
        """
        body = {"confirmations": confirmations}
        path = {"id": crypto_payment_id}
        return self._read(CryptoPayment, "add_crypto_confirmations", path=path, body=body)

    def resolve_crypto_payment(
        self, crypto_payment_id: str, resolution: Literal["accept", "refund"]
    ) -> CryptoPayment:
        """Accept what arrived short or late, or send it back (rules 2.6).

        Codes: `crypto_payment_not_found`, `crypto_payment_unexpected_state`.
        """
        body = {"resolution": resolution}
        path = {"id": crypto_payment_id}
        return self._read(CryptoPayment, "resolve_crypto_payment", path=path, body=body)

    def freeze_wallet(self, user: str, *, frozen: bool = True) -> FrozenWallet:
        """Freeze a user's wallet, or thaw it (rules W-5). Codes: `user_not_found`."""
        return self._read(FrozenWallet, "freeze_wallet", path={"user": user}, body={"frozen": frozen})

    def give_credits(
        self,
        user: str,
        amount: int,
        *,
        source: Literal["promo", "subscription", "adjustment"] = "promo",
        **expiry: Unpack[Expiry],
    ) -> CreditGrant:
        """Grant credits that nobody pays for (rules CR-3). Codes: `invalid_value`."""
        when = {"expires_at": moment(expiry["expires_at"])} if "expires_at" in expiry else {}
        body = {"user": user, "amount": amount, "source": source, **when}
        return self._read(CreditGrant, "give_credits", body=body)
