"""Client of the subscription service (8228)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from isa_user._async._base import AsyncServiceClient
from isa_user._config import Service
from isa_user._operations import subscription as ops

if TYPE_CHECKING:
    from typing import Unpack

    from isa_user._options import CallOptions, WriteOptions
    from isa_user._paging import AsyncPager
    from isa_user.models.subscription import ChangePreview, Plan, Subscription

__all__ = ["SubscriptionClient"]


class SubscriptionClient(AsyncServiceClient):
    """The caller's subscription: create, read, change, pause, cancel.

    Example::

        subscriptions = SubscriptionClient("http://localhost:8228")
        mine = await subscriptions.get_subscription(token=access_token)
    """

    _service: ClassVar[Service] = "subscription"

    def get_plans(self, **options: Unpack[CallOptions]) -> AsyncPager[Plan]:
        """List the plans that can be subscribed to; ``price`` in minor units of usd per ``interval``.

        Raises what every read raises (``isa_user.errors``).

        Options: token, timeout, deadline, max_retries, extra_headers (``CallOptions``).

        Extension: rules 5.1.
        """
        return self._core.pages(ops.GET_PLANS, options)

    async def create_subscription(
        self,
        *,
        plan_id: str,
        payment_method_id: str | None = None,
        trial_days: int | None = None,
        **options: Unpack[WriteOptions],
    ) -> Subscription:
        """Subscribe to a plan; without a payment method the last one that worked is charged.

        Where none is on file, or the card asks for confirmation, the status is ``incomplete`` and
        ``latest_payment_intent`` is what to confirm. Raises ConflictError (there is a subscription
        already), CardDeclinedError, NotFoundError (plan), and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``WriteOptions``).

        Page: "Create Subscription".
        """
        body = {"plan_id": plan_id, "payment_method_id": payment_method_id, "trial_days": trial_days}
        return await self._core.call(ops.CREATE_SUBSCRIPTION, options, body=body)

    async def get_subscription(self, **options: Unpack[CallOptions]) -> Subscription:
        """Read the caller's live subscription, else the last one.

        Raises NotFoundError where there was never one, and what every read raises.

        Options: token, timeout, deadline, max_retries, extra_headers (``CallOptions``).

        Page: "Get Subscription".
        """
        return await self._core.call(ops.GET_SUBSCRIPTION, options)

    async def change_plan(
        self,
        *,
        new_plan_id: str,
        prorate: bool = True,
        **options: Unpack[WriteOptions],
    ) -> Subscription:
        """Switch to another plan now; ``prorate`` settles the unused time at once.

        Raises CardDeclinedError (the old plan stays), ConflictError (already on it, or not active),
        NotFoundError (plan), and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``WriteOptions``).

        Page: "Change Plan".
        """
        body = {"new_plan_id": new_plan_id, "prorate": prorate}
        return await self._core.call(ops.CHANGE_PLAN, options, body=body)

    async def preview_change(
        self,
        *,
        new_plan_id: str,
        prorate: bool = True,
        **options: Unpack[CallOptions],
    ) -> ChangePreview:
        """Tell what ``change_plan`` with these arguments would bill at this instant; nothing changes.

        Raises ConflictError (already on it, or not active), NotFoundError (plan), and what every read
        raises.

        Options: token, timeout, deadline, max_retries, extra_headers (``CallOptions``).

        Extension: rules CH-10.
        """
        body = {"new_plan_id": new_plan_id, "prorate": prorate}
        return await self._core.call(ops.PREVIEW_CHANGE, options, body=body)

    async def cancel_subscription(
        self,
        *,
        at_period_end: bool = True,
        reason: str | None = None,
        prorate: bool | None = None,
        **options: Unpack[WriteOptions],
    ) -> Subscription:
        """Cancel at the end of the paid period, or now with ``at_period_end=False``.

        ``prorate=True`` keeps the unused time of an immediate cancellation as credit for later invoices.
        Raises ConflictError (not active any more), NotFoundError, and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``WriteOptions``).

        Page: "Cancel Subscription".
        """
        body = {"at_period_end": at_period_end, "reason": reason, "prorate": prorate}
        return await self._core.call(ops.CANCEL_SUBSCRIPTION, options, body=body)

    async def pause_subscription(self, **options: Unpack[WriteOptions]) -> Subscription:
        """Pause now: no access and no charge until it is resumed; the rest of the period is kept.

        Raises ConflictError (neither active nor trialing), NotFoundError, and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``WriteOptions``).

        Extension: rules 5.3.
        """
        return await self._core.call(ops.PAUSE_SUBSCRIPTION, options)

    async def resume_subscription(
        self, *, payment_method_id: str | None = None, **options: Unpack[WriteOptions]
    ) -> Subscription:
        """Take back a cancellation at period end, or go on after a pause with the time that was left.

        A subscription paused because its trial ended without a payment method is charged
        ``payment_method_id`` now. Raises ConflictError (nothing to resume), CardDeclinedError,
        InvalidRequestError (no method), NotFoundError, and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``WriteOptions``).

        Extension: rules 5.3, CN-5.
        """
        body = {"payment_method_id": payment_method_id}
        return await self._core.call(ops.RESUME_SUBSCRIPTION, options, body=body)
