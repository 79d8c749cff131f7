# Made by scripts/sync_twin.py from _async/_refunds.py; change that file instead.
# ruff: noqa: I001, RUF100
# fmt: off
"""Refunds of payments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isa_user._sync._base import SyncServiceClient
from isa_user._operations import payment as ops

if TYPE_CHECKING:
    from typing import Unpack

    from isa_user._options import SyncCallOptions, SyncWriteOptions
    from isa_user._paging import Page
    from isa_user.models.payment import Refund

__all__ = ["PaymentClientRefunds"]


class PaymentClientRefunds(SyncServiceClient):
    """The part of the payment client that gives money back (rules 2.5)."""

    def refund(
        self,
        payment_intent_id: str,
        *,
        amount: int | None = None,
        reason: str | None = None,
        **options: Unpack[SyncWriteOptions],
    ) -> Refund:
        """Give back ``amount`` minor units of a payment, or all that remains.

        Raises InvalidRequestError (more than remains), ConflictError (nothing left or not refundable),
        NotFoundError, and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``SyncWriteOptions``).

        Page: "Process Refund".
        """
        path = {"payment_intent_id": payment_intent_id}
        return self._core.call(
            ops.REFUND, options, path=path, body={"amount": amount, "reason": reason}
        )

    def get_refunds(
        self,
        payment_intent_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        **options: Unpack[SyncCallOptions],
    ) -> Page[Refund]:
        """List the refunds of one payment, newest first; ``limit`` rows a page (1 to 100).

        Raises NotFoundError (payment), InvalidRequestError, and what every read raises.

        Options: token, timeout, deadline, max_retries, extra_headers (``SyncCallOptions``).

        Extension: rules RF-1.
        """
        path = {"payment_intent_id": payment_intent_id}
        return self._core.pages(ops.GET_REFUNDS, options, path=path, query={"limit": limit, "cursor": cursor})

    def get_refund(self, refund_id: str, **options: Unpack[SyncCallOptions]) -> Refund:
        """Read a refund; a pending one becomes ``succeeded`` or ``failed`` later.

        Raises NotFoundError (unknown, or somebody else's), and what every read raises.

        Options: token, timeout, deadline, max_retries, extra_headers (``SyncCallOptions``).

        Extension: rules RF-2.
        """
        return self._core.call(ops.GET_REFUND, options, path={"refund_id": refund_id})
