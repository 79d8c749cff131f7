# Made by scripts/sync_twin.py from _async/wallet.py; change that file instead.
# ruff: noqa: I001, RUF100
# fmt: off
"""Client of the wallet service (8208)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from isa_user._sync._base import SyncServiceClient
from isa_user._config import Service
from isa_user._operations import wallet as ops

if TYPE_CHECKING:
    from typing import Unpack

    from isa_user._filters import WalletTransactionStatusFilter, WalletTransactionTypeFilter
    from isa_user._options import SyncCallOptions, SyncWriteOptions
    from isa_user._paging import Page
    from isa_user.models.wallet import Deposit, Transfer, Wallet, WalletTransaction

__all__ = ["SyncWalletClient"]


class SyncWalletClient(SyncServiceClient):
    """The caller's wallet: balances, deposits, transfers, history.

    Example::

        wallet = SyncWalletClient("http://localhost:8208")
        balance = wallet.get_balance(token=access_token)
    """

    _service: ClassVar[Service] = "wallet"

    def get_balance(self, **options: Unpack[SyncCallOptions]) -> Wallet:
        """Read the wallet: available and pending money by currency, in minor units.

        Raises what every read raises (``isa_user.errors``).

        Options: token, timeout, deadline, max_retries, extra_headers (``SyncCallOptions``).

        Page: "Get Wallet Balance".
        """
        return self._core.call(ops.GET_WALLET, options)

    def deposit(
        self,
        *,
        amount: int,
        currency: str,
        payment_method_id: str,
        **options: Unpack[SyncWriteOptions],
    ) -> Deposit:
        """Charge a payment method and put ``amount`` minor units into the wallet.

        ``status`` says whether the money is there or waits for the customer or the bank. Raises
        CardDeclinedError (the wallet is untouched), and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``SyncWriteOptions``).

        Page: "Add Funds".
        """
        body = {"amount": amount, "currency": currency, "payment_method_id": payment_method_id}
        return self._core.call(ops.DEPOSIT, options, body=body)

    def transfer(
        self,
        *,
        to_user_id: str,
        amount: int,
        currency: str,
        note: str | None = None,
        **options: Unpack[SyncWriteOptions],
    ) -> Transfer:
        """Move ``amount`` minor units to another user's wallet; all of it or nothing.

        Raises InsufficientFundsError, NotFoundError (recipient), ConflictError (a frozen wallet), and what
        every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``SyncWriteOptions``).

        Page: "Transfer Between Users".
        """
        body = {"to_user_id": to_user_id, "amount": amount, "currency": currency, "note": note}
        return self._core.call(ops.TRANSFER, options, body=body)

    def get_transactions(
        self,
        *,
        type: WalletTransactionTypeFilter | None = None,  # noqa: A002 - the service's own name of the filter
        currency: str | None = None,
        status: WalletTransactionStatusFilter | None = None,
        created_after: datetime | str | None = None,
        created_before: datetime | str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        **options: Unpack[SyncCallOptions],
    ) -> Page[WalletTransaction]:
        """List the wallet's movements, newest first; ``limit`` rows a page (1 to 100).

        ``created_after`` is inclusive, ``created_before`` exclusive. Raises InvalidRequestError for a
        filter that the service does not know, and what every read raises.

        Options: token, timeout, deadline, max_retries, extra_headers (``SyncCallOptions``).

        Page: "Transaction History".
        """
        query = {
            "type": type,
            "currency": currency,
            "status": status,
            "created_after": created_after,
            "created_before": created_before,
            "limit": limit,
            "cursor": cursor,
        }
        return self._core.pages(ops.GET_WALLET_TRANSACTIONS, options, query=query)
