"""Consumptions and reservations, and what a reservation may do next (rules CR-8 to CR-13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from isa_mockserver.kernel.store import TableSpec

from .account import Balance
from .grant import Allocation

MAX_CREDITS = 1_000_000
"""The most credits that one consumption or reservation takes (rules CR-8)."""


class Consumption(NamedTuple):
    """Credits spent, from these grants in this order; `refunded` of them came back since (rules CR-13).
    `balance` is the one that the last change of the consumption left."""

    id: str
    owner: str
    created_at: datetime
    amount: int
    reason: str
    metadata: Mapping[str, str]
    allocations: tuple[Allocation, ...]
    balance: Balance
    refunded: int = 0


ReservationStatus = Literal["held", "committed", "released", "expired"]
ReservationAction = Literal["commit", "release", "expire"]


class Reservation(NamedTuple):
    """Credits held on these grants until they are committed, released or the time is up (rules CR-10).
    `balance` is the one that its last change left, so that a repeated commit answers the same."""

    id: str
    owner: str
    created_at: datetime
    amount: int
    reason: str
    allocations: tuple[Allocation, ...]
    expires_at: datetime | None
    balance: Balance
    status: ReservationStatus = "held"
    committed_amount: int | None = None


RESERVATION_NEXT: Mapping[tuple[ReservationStatus, ReservationAction], ReservationStatus] = {
    ("held", "commit"): "committed",
    ("held", "release"): "released",
    ("held", "expire"): "expired",
}

RESERVATION_REFUSALS: Mapping[tuple[ReservationStatus, ReservationAction], str] = {
    ("committed", "commit"): "reservation_already_committed",
    ("committed", "release"): "reservation_already_committed",
    ("released", "commit"): "reservation_already_released",
    ("expired", "commit"): "reservation_expired",
    ("expired", "release"): "reservation_expired",
}
"""State and action -> the code that refuses it. Releasing twice, and committing the same amount twice, are
answered as the first time."""

CONSUMPTIONS = TableSpec("credit_consumptions", Consumption)
RESERVATIONS = TableSpec("credit_reservations", Reservation)
