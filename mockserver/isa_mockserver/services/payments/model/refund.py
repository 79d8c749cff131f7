"""Refunds (rules 2.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from isa_mockserver.kernel.cards import RefundCourse
from isa_mockserver.kernel.chart import Account
from isa_mockserver.kernel.store import TableSpec

RefundStatus = Literal["pending", "succeeded", "failed"]

REFUND_WINDOW = timedelta(days=180)
"""Clock time after the success in which a payment can be refunded (rules RF-7)."""
REFUND_SETTLES_AFTER = timedelta(seconds=1)
"""The next move of the clock decides a refund that did not end at once (rules 2.1)."""

FIRST_STATUS: Mapping[RefundCourse, RefundStatus] = {
    "succeeds": "succeeded",
    "pends": "pending",
    "fails": "succeeded",
}
"""The course of a method's refunds -> their status at creation (rules RF-2)."""
LATER_STATUS: Mapping[RefundCourse, RefundStatus] = {"pends": "succeeded", "fails": "failed"}
"""The course -> the status after the next move of the clock (rules RF-2)."""

CATEGORIES = ("customer_request", "duplicate", "fraudulent", "other")
SYNONYMS: Mapping[str, str] = {"requested_by_customer": "customer_request"}
"""Reasons that are stored under another name (rules RF-3)."""


class Refund(NamedTuple):
    """Money that goes back from `source` to `destination`; while pending it is in clearing.

    `payment_id` is the refunded intent or crypto payment.
    """

    id: str
    owner: str
    created_at: datetime
    payment_id: str
    amount: int
    currency: str
    status: RefundStatus
    course: RefundCourse
    source: Account
    destination: Account
    reason: str | None = None
    reason_category: str | None = None


REFUNDS = TableSpec("refunds", Refund, ("payment_id",))
