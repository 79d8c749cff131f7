"""Usage: what was consumed, added up, and held against the plan's quota."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from isa_user._async._base import AsyncServiceClient
from isa_user._operations import billing as ops

if TYPE_CHECKING:
    from typing import Unpack

    from isa_user._options import CallOptions, UsageEventParam, WriteOptions
    from isa_user.models.billing import Quota, UsageBatch, UsageRecord, UsageSummary

__all__ = ["BillingClientUsage"]


class BillingClientUsage(AsyncServiceClient):
    """The part of the billing client that meters (rules 4.2, 4.3)."""

    async def record_usage(
        self,
        *,
        metric: str,
        quantity: int,
        timestamp: datetime | str | None = None,
        event_id: str | None = None,
        subscription_id: str | None = None,
        corrects: str | None = None,
        metadata: Mapping[str, str] | None = None,
        **options: Unpack[WriteOptions],
    ) -> UsageRecord:
        """Record ``quantity`` units of a metric at ``timestamp`` (default: now).

        The same ``event_id`` with the same data counts once, whatever the idempotency key. A correction
        names in ``corrects`` the record that it takes ``-quantity`` from, and is for admins. Usage beyond
        the quota is recorded too: look at ``quota.exceeded``. Raises InvalidRequestError, ConflictError
        (the event id belongs to other data), PermissionDeniedError (a correction), and what every write
        raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``WriteOptions``).

        Page: "Usage-Based Billing".
        """
        body = {
            "metric": metric,
            "quantity": quantity,
            "timestamp": timestamp,
            "event_id": event_id,
            "subscription_id": subscription_id,
            "corrects": corrects,
            "metadata": metadata,
        }
        return await self._core.call(ops.RECORD_USAGE, options, body=body)

    async def record_usage_batch(
        self, *, events: Sequence[UsageEventParam], **options: Unpack[WriteOptions]
    ) -> UsageBatch:
        """Record 1 to 100 usage events at once; each is judged alone.

        ``rejected`` names those that were refused by their index, with the reason; the others count.
        Events with an ``event_id`` count once, however often they are sent. Raises InvalidRequestError
        (none or too many), and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``WriteOptions``).

        Extension: rules US-8.
        """
        return await self._core.call(ops.RECORD_USAGE_BATCH, options, body={"events": list(events)})

    async def get_usage(
        self,
        *,
        metric: str,
        start: datetime | str | None = None,
        end: datetime | str | None = None,
        window: Literal["hour", "day", "month"] | None = None,
        **options: Unpack[CallOptions],
    ) -> UsageSummary:
        """Add up a metric's usage in ``[start, end)`` by UTC hours, days or months.

        By default the present month, by days; windows without usage are there with 0. Raises
        InvalidRequestError (unknown metric, start not before end, over 1000 windows), and what every read
        raises.

        Options: token, timeout, deadline, max_retries, extra_headers (``CallOptions``).

        Extension: rules US-7.
        """
        query = {"metric": metric, "start": start, "end": end, "window": window}
        return await self._core.call(ops.GET_USAGE, options, query=query)

    async def get_quota(
        self,
        *,
        metric: str | None = None,
        quantity: int | None = None,
        **options: Unpack[CallOptions],
    ) -> Quota:
        """Ask whether ``quantity`` more units (default 1) of a metric (default ``api_calls``) would fit.

        ``allowed`` is the answer; nothing is consumed. Raises InvalidRequestError (unknown metric), and
        what every read raises.

        Options: token, timeout, deadline, max_retries, extra_headers (``CallOptions``).

        Extension: rules QU-1, QU-7.
        """
        return await self._core.call(ops.GET_QUOTA, options, query={"metric": metric, "quantity": quantity})
