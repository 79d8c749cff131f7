"""Payment intents: from creation to capture or cancellation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from isa_user._async._base import AsyncServiceClient
from isa_user._operations import payment as ops

if TYPE_CHECKING:
    from typing import Unpack

    from isa_user._options import CallOptions, WriteOptions
    from isa_user.models.payment import PaymentIntent

__all__ = ["PaymentClientIntents"]


class PaymentClientIntents(AsyncServiceClient):
    """The part of the payment client that works on intents (rules 2.2 to 2.4)."""

    async def create_intent(
        self,
        *,
        amount: int,
        currency: str,
        description: str | None = None,
        metadata: Mapping[str, str] | None = None,
        payment_method_id: str | None = None,
        confirm: bool | None = None,
        capture_method: Literal["automatic", "manual"] | None = None,
        **options: Unpack[WriteOptions],
    ) -> PaymentIntent:
        """Create a payment intent over ``amount`` minor units.

        ``confirm=True`` with ``payment_method_id`` charges at once. Raises InvalidRequestError,
        CardDeclinedError (with ``confirm``), and what every write raises (``isa_user.errors``).

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``WriteOptions``).

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
        return await self._core.call(ops.CREATE_INTENT, options, body=body)

    async def confirm_intent(
        self,
        payment_intent_id: str,
        *,
        payment_method_id: str | None = None,
        **options: Unpack[WriteOptions],
    ) -> PaymentIntent:
        """Charge an intent; look at ``status``: ``requires_action`` and ``processing`` are not failures.

        Raises CardDeclinedError, ConflictError (not in a state that can be confirmed), NotFoundError, and
        what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``WriteOptions``).

        Page: "Confirm Payment".
        """
        path = {"payment_intent_id": payment_intent_id}
        body = {"payment_method_id": payment_method_id}
        return await self._core.call(ops.CONFIRM_INTENT, options, path=path, body=body)

    async def get_intent(self, payment_intent_id: str, **options: Unpack[CallOptions]) -> PaymentIntent:
        """Read an intent, with its ``client_secret``.

        Raises NotFoundError (unknown, or somebody else's), and what every read raises.

        Options: token, timeout, deadline, max_retries, extra_headers (``CallOptions``).

        Extension: rules PI-9.
        """
        path = {"payment_intent_id": payment_intent_id}
        return await self._core.call(ops.GET_INTENT, options, path=path)

    async def update_intent(
        self,
        payment_intent_id: str,
        *,
        description: str | None = None,
        metadata: Mapping[str, str] | None = None,
        payment_method_id: str | None = None,
        **options: Unpack[WriteOptions],
    ) -> PaymentIntent:
        """Change an intent that is not finished; what is left out stays as it is.

        With ``payment_method_id`` the intent is ``requires_confirmation`` afterwards. Raises ConflictError
        (processing, succeeded or canceled), NotFoundError, and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``WriteOptions``).

        Extension: rules 2.3.
        """
        path = {"payment_intent_id": payment_intent_id}
        body = {"description": description, "metadata": metadata, "payment_method_id": payment_method_id}
        return await self._core.call(ops.UPDATE_INTENT, options, path=path, body=body)

    async def cancel_intent(
        self,
        payment_intent_id: str,
        *,
        cancellation_reason: Literal["duplicate", "fraudulent", "requested_by_customer", "abandoned"]
        | None = None,
        **options: Unpack[WriteOptions],
    ) -> PaymentIntent:
        """Cancel an intent that was not paid; money held by a manual capture is released.

        Raises ConflictError (processing, succeeded or already canceled), InvalidRequestError (another
        reason), NotFoundError, and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``WriteOptions``).

        Extension: rules PI-7.
        """
        path = {"payment_intent_id": payment_intent_id}
        body = {"cancellation_reason": cancellation_reason}
        return await self._core.call(ops.CANCEL_INTENT, options, path=path, body=body)

    async def capture_intent(
        self,
        payment_intent_id: str,
        *,
        amount: int | None = None,
        **options: Unpack[WriteOptions],
    ) -> PaymentIntent:
        """Take ``amount`` minor units of the held money, or all of it; the rest is released.

        For intents made with ``capture_method="manual"``, within 7 days of their confirmation. Raises
        InvalidRequestError (more than is held), ConflictError (nothing is held), NotFoundError, and what
        every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``WriteOptions``).

        Extension: rules PI-4.
        """
        path = {"payment_intent_id": payment_intent_id}
        return await self._core.call(ops.CAPTURE_INTENT, options, path=path, body={"amount": amount})
