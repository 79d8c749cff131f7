# Made by scripts/sync_twin.py from _async/subscription.py; change that file instead.
# ruff: noqa: I001, RUF100
# fmt: off
"""Client of the subscription service (8228)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from isa_user import _operations as ops
from isa_user._sync._base import SyncServiceClient
from isa_user._config import Service

if TYPE_CHECKING:
    from typing import Unpack

    from isa_user._options import SyncCallOptions, SyncWriteOptions
    from isa_user.models.subscription import Subscription

__all__ = ["SyncSubscriptionClient"]


class SyncSubscriptionClient(SyncServiceClient):
    """The caller's subscription: create, read, change, cancel.

    Example::

        subscriptions = SyncSubscriptionClient("http://localhost:8228")
        mine = subscriptions.get_subscription(token=access_token)
    """

    _service: ClassVar[Service] = "subscription"

    def create_subscription(
        self,
        *,
        plan_id: str,
        payment_method_id: str | None = None,
        trial_days: int | None = None,
        **options: Unpack[SyncWriteOptions],
    ) -> Subscription:
        """Subscribe to a plan; without a payment method the last one that worked is charged.

        Where none is on file, or the card asks for confirmation, the status is ``incomplete`` and
        ``latest_payment_intent`` is what to confirm. Raises ConflictError (there is a subscription
        already), CardDeclinedError, NotFoundError (plan), and what every write raises.

        Page: "Create Subscription".
        """
        body = {"plan_id": plan_id, "payment_method_id": payment_method_id, "trial_days": trial_days}
        return self._core.call(ops.CREATE_SUBSCRIPTION, options, body=body)

    def get_subscription(self, **options: Unpack[SyncCallOptions]) -> Subscription:
        """Read the caller's live subscription, else the last one.

        Raises NotFoundError where there was never one, and what every read raises.

        Page: "Get Subscription".
        """
        return self._core.call(ops.GET_SUBSCRIPTION, options)

    def change_plan(
        self,
        *,
        new_plan_id: str,
        prorate: bool = True,
        **options: Unpack[SyncWriteOptions],
    ) -> Subscription:
        """Switch to another plan now; ``prorate`` settles the unused time at once.

        Raises CardDeclinedError (the old plan stays), ConflictError (already on it, or not active),
        NotFoundError (plan), and what every write raises.

        Page: "Change Plan".
        """
        body = {"new_plan_id": new_plan_id, "prorate": prorate}
        return self._core.call(ops.CHANGE_PLAN, options, body=body)

    def cancel_subscription(
        self,
        *,
        at_period_end: bool = True,
        reason: str | None = None,
        **options: Unpack[SyncWriteOptions],
    ) -> Subscription:
        """Cancel at the end of the paid period, or now with ``at_period_end=False``.

        Raises ConflictError (not active any more), NotFoundError, and what every write raises.

        Page: "Cancel Subscription".
        """
        body = {"at_period_end": at_period_end, "reason": reason}
        return self._core.call(ops.CANCEL_SUBSCRIPTION, options, body=body)
