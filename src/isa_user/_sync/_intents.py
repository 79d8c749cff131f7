# Made by scripts/sync_twin.py from _async/_intents.py; change that file instead.
# ruff: noqa: I001, RUF100
# fmt: off
"""Payment intents: from creation to capture or cancellation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from isa_user._sync._base import SyncServiceClient
from isa_user._operations import payment as ops

if TYPE_CHECKING:
    from typing import Unpack

    from isa_user._options import SyncCallOptions, SyncWriteOptions
    from isa_user.models.payment import PaymentIntent

__all__ = ["PaymentClientIntents"]


class PaymentClientIntents(SyncServiceClient):
    """The part of the payment client that works on intents (rules 2.2 to 2.4)."""

    def create_intent(
        self,
        *,
        amount: int,
        currency: str,
        description: str | None = None,
        metadata: Mapping[str, str] | None = None,
        payment_method_id: str | None = None,
        confirm: bool | None = None,
        capture_method: Literal["automatic", "manual"] | None = None,
        **options: Unpack[SyncWriteOptions],
    ) -> PaymentIntent:
        """Create a payment intent over ``amount`` minor units.

        ``confirm=True`` with ``payment_method_id`` charges at once. Raises InvalidRequestError,
        CardDeclinedError (with ``confirm``), and what every write raises (``isa_user.errors``).

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``SyncWriteOptions``).

        Page: "Create Payment Intent".
        """
        body = {
            "amount": amount,
            "currency": currency,
            "description": description,
            "metadata": metadata,
            "payment_method_id": payment_method_id,
            "confirm": confirm,
            "capture_method": capture_method,
        }
        return self._core.call(ops.CREATE_INTENT, options, body=body)

    def confirm_intent(
        self,
        payment_intent_id: str,
        *,
        payment_method_id: str | None = None,
        **options: Unpack[SyncWriteOptions],
    ) -> PaymentIntent:
        """Charge an intent; look at ``status``: ``requires_action`` and ``processing`` are not failures.

        Raises CardDeclinedError, ConflictError (not in a state that can be confirmed), NotFoundError, and
        what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``SyncWriteOptions``).

        Page: "Confirm Payment".
        """
        path = {"payment_intent_id": payment_intent_id}
        body = {"payment_method_id": payment_method_id}
        return self._core.call(ops.CONFIRM_INTENT, options, path=path, body=body)

    def get_intent(self, payment_intent_id: str, **options: Unpack[SyncCallOptions]) -> PaymentIntent:
        """Read an intent, with its ``client_secret``.

        Raises NotFoundError (unknown, or somebody else's), and what every read raises.

        Options: token, timeout, deadline, max_retries, extra_headers (``SyncCallOptions``).

        Extension: rules PI-9.
        """
        path = {"payment_intent_id": payment_intent_id}
        return self._core.call(ops.GET_INTENT, options, path=path)

    def update_intent(
        self,
        payment_intent_id: str,
        *,
        description: str | None = None,
        metadata: Mapping[str, str] | None = None,
        payment_method_id: str | None = None,
        **options: Unpack[SyncWriteOptions],
    ) -> PaymentIntent:
        """Change an intent that is not finished; what is left out stays as it is.

        With ``payment_method_id`` the intent is ``requires_confirmation`` afterwards. Raises ConflictError
        (processing, succeeded or canceled), NotFoundError, and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``SyncWriteOptions``).

        Extension: rules 2.3.
        """
        path = {"payment_intent_id": payment_intent_id}
        body = {"description": description, "metadata": metadata, "payment_method_id": payment_method_id}
        return self._core.call(ops.UPDATE_INTENT, options, path=path, body=body)

    def cancel_intent(
        self,
        payment_intent_id: str,
        *,
        cancellation_reason: Literal["duplicate", "fraudulent", "requested_by_customer", "abandoned"]
        | None = None,
        **options: Unpack[SyncWriteOptions],
    ) -> PaymentIntent:
        """Cancel an intent that was not paid; money held by a manual capture is released.

        Raises ConflictError (processing, succeeded or already canceled), InvalidRequestError (another
        reason), NotFoundError, and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``SyncWriteOptions``).

        Extension: rules PI-7.
        """
        path = {"payment_intent_id": payment_intent_id}
        body = {"cancellation_reason": cancellation_reason}
        return self._core.call(ops.CANCEL_INTENT, options, path=path, body=body)

    def capture_intent(
        self,
        payment_intent_id: str,
        *,
        amount: int | None = None,
        **options: Unpack[SyncWriteOptions],
    ) -> PaymentIntent:
        """Take ``amount`` minor units of the held money, or all of it; the rest is released.

        For intents made with ``capture_method="manual"``, within 7 days of their confirmation. Raises
        InvalidRequestError (more than is held), ConflictError (nothing is held), NotFoundError, and what
        every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``SyncWriteOptions``).

        Extension: rules PI-4.
        """
        path = {"payment_intent_id": payment_intent_id}
        return self._core.call(ops.CAPTURE_INTENT, options, path=path, body={"amount": amount})
