"""The options that every call takes besides its own arguments, and the shapes of nested arguments."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import NotRequired, TypedDict
from uuid import UUID

__all__ = [
    "CallOptions",
    "InvoiceItemParam",
    "SyncCallOptions",
    "SyncTokenSource",
    "SyncWriteOptions",
    "TokenSource",
    "UsageEventParam",
    "WriteOptions",
]

TokenSource = str | Callable[[], str] | Callable[[], Awaitable[str]]
"""An access token, or a function (also async) that fetches one; it is called again once after a 401."""

SyncTokenSource = str | Callable[[], str]
"""An access token, or a function that fetches one; it is called again once after a 401."""


class _CommonOptions(TypedDict, total=False):
    timeout: float | None
    deadline: float | None
    max_retries: int | None
    extra_headers: Mapping[str, str] | None


class CallOptions(_CommonOptions, total=False):
    """Options of every async call; None means the client's own setting.

    ``token``: access token or provider. ``timeout``: seconds an attempt may take as a whole.
    ``deadline``: seconds the whole call may take, retries and waits included. ``max_retries``:
    attempts after the first. ``extra_headers``: sent in addition.
    """

    token: TokenSource | None


class WriteOptions(CallOptions, total=False):
    """Options of every async write. ``idempotency_key``: your own key instead of a generated one."""

    idempotency_key: str | UUID | None


class SyncCallOptions(_CommonOptions, total=False):
    """Options of every sync call; the same as :class:`CallOptions` but for the provider's colour."""

    token: SyncTokenSource | None


class SyncWriteOptions(SyncCallOptions, total=False):
    """Options of every sync write. ``idempotency_key``: your own key instead of a generated one."""

    idempotency_key: str | UUID | None


class InvoiceItemParam(TypedDict):
    """One line of a new invoice: ``unit_price`` in minor units, both numbers int (rules BL-3)."""

    description: str
    quantity: int
    unit_price: int


class UsageEventParam(TypedDict):
    """One usage event of a batch; the fields of ``record_usage`` (rules US-1, US-8).

    ``quantity`` is a whole number; ``timestamp`` must have a zone and defaults to now; events with the
    same ``event_id`` count once.
    """

    metric: str
    quantity: int
    timestamp: NotRequired[datetime | str | None]
    event_id: NotRequired[str | None]
    subscription_id: NotRequired[str | None]
    metadata: NotRequired[Mapping[str, str]]
