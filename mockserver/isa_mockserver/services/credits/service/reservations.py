"""Two-phase spending: hold, then commit or release, or run out of time (rules CR-10, CR-11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.ledger import Reference
from isa_mockserver.kernel.money import positive_amount
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.credits.model import (
    MAX_CREDITS,
    RESERVATION_NEXT,
    RESERVATION_REFUSALS,
    RESERVATIONS,
    Allocation,
    Reservation,
    ReservationAction,
    allocate,
    is_live,
    total_of,
)
from isa_mockserver.services.credits.views import reservation_view

from .accounts import balance_of, grant_of, keep, live_grants, require_available
from .grants import announce_expiry, sweep
from .history import record


def reserve(unit: Unit, *, owner: str, amount: int, reason: str, ttl_s: int | None) -> Reservation:
    """Hold `amount` free credits in burn order for `ttl_s` seconds; None holds without end.

    Raises:
        DomainError: `invalid_amount`, `amount_too_large`, `insufficient_credits`.
    """
    positive_amount(amount, maximum=MAX_CREDITS)
    require_available(unit, owner, amount)
    allocations = allocate(live_grants(unit, owner), amount)
    for part in allocations:
        keep(unit, grant_of(unit, part.grant_id).hold(part.amount))
    reservation_id = unit.new_id("res")
    record(unit, owner, "reserve", allocations, _reference(reservation_id))
    expires_at = None if ttl_s is None else unit.now + timedelta(seconds=ttl_s)
    if expires_at is not None:
        unit.plan(expires_at, "hold_expiry", reservation_id)
    return unit.put(
        RESERVATIONS,
        Reservation(
            id=reservation_id,
            owner=owner,
            created_at=unit.now,
            amount=amount,
            reason=reason,
            allocations=allocations,
            expires_at=expires_at,
            balance=balance_of(unit, owner),
        ),
    )


def commit(unit: Unit, *, owner: str, reservation_id: str, amount: int | None) -> Reservation:
    """Spend `amount` of the held credits in burn order, by default all; the rest returns.

    The same commit again answers the same and does nothing.

    Raises:
        DomainError: `invalid_amount`, `reservation_not_found`, `reservation_already_committed`,
            `reservation_already_released`, `reservation_expired`, `exceeds_reservation`.
    """
    if amount is not None:
        positive_amount(amount, maximum=MAX_CREDITS)
    reservation = _own(unit, owner, reservation_id)
    wanted = reservation.amount if amount is None else amount
    if reservation.status == "committed" and reservation.committed_amount == wanted:
        return reservation
    _refuse(unit, reservation, "commit")
    if wanted > reservation.amount:
        raise DomainError(
            "exceeds_reservation",
            f"The reservation holds {reservation.amount} credits.",
            param="amount",
            context={"held": reservation.amount, "required": wanted},
        )
    spent = tuple(_first(reservation.allocations, wanted))
    for part in spent:
        keep(unit, grant_of(unit, part.grant_id).let_go(part.amount).spend(part.amount))
    record(unit, owner, "commit", spent, _reference(reservation_id))
    _return(unit, reservation, tuple(_rest(reservation.allocations, wanted)))
    return _resolve(unit, reservation._replace(committed_amount=wanted), "commit")


def release(unit: Unit, *, owner: str, reservation_id: str) -> Reservation:
    """Return all held credits; a released reservation stays as it is.

    Raises:
        DomainError: `reservation_not_found`, `reservation_already_committed`, `reservation_expired`.
    """
    reservation = _own(unit, owner, reservation_id)
    if reservation.status == "released":
        return reservation
    _refuse(unit, reservation, "release")
    _return(unit, reservation, reservation.allocations)
    return _resolve(unit, reservation, "release")


def run_out(unit: Unit, reservation_id: str) -> None:
    """Return what a reservation still holds when its time is up (job `hold_expiry`)."""
    reservation = unit.get(RESERVATIONS, reservation_id)
    if reservation is None or (reservation.status, "expire") not in RESERVATION_NEXT:
        return
    told_first = unit.event_position()
    _return(unit, reservation, reservation.allocations)
    expired = _resolve(unit, reservation, "expire")
    unit.emit("credits.reservation_expired", expired.owner, reservation_view(expired), position=told_first)


def _return(unit: Unit, reservation: Reservation, parts: Sequence[Allocation]) -> None:
    """Free the parts; what comes back after its grant's expiry expires at once (rules CR-11)."""
    if not parts:
        return
    grants = [keep(unit, grant_of(unit, part.grant_id).let_go(part.amount)) for part in parts]
    record(unit, reservation.owner, "release", parts, _reference(reservation.id))
    for grant in grants:
        if is_live(grant, unit.now):
            announce_expiry(unit, grant.id)
        else:
            sweep(unit, grant.id)


def _resolve(unit: Unit, reservation: Reservation, action: ReservationAction) -> Reservation:
    unit.unplan("hold_expiry", reservation.id)
    return unit.put(
        RESERVATIONS,
        reservation._replace(
            status=RESERVATION_NEXT[reservation.status, action],
            balance=balance_of(unit, reservation.owner),
        ),
    )


def _refuse(unit: Unit, reservation: Reservation, action: ReservationAction) -> None:
    status = "expired" if _has_run_out(reservation, unit.now) else reservation.status
    code = RESERVATION_REFUSALS.get((status, action))
    if code is not None:
        raise DomainError(code, f"The reservation is {status}.", context={"status": status})


def _has_run_out(reservation: Reservation, now: datetime) -> bool:
    return (
        reservation.status == "held" and reservation.expires_at is not None and now >= reservation.expires_at
    )


def _first(allocations: Sequence[Allocation], amount: int) -> list[Allocation]:
    taken: list[Allocation] = []
    for part in allocations:
        share = min(part.amount, amount - total_of(taken))
        if share > 0:
            taken.append(Allocation(part.grant_id, share))
    return taken


def _rest(allocations: Sequence[Allocation], amount: int) -> list[Allocation]:
    spent = {part.grant_id: part.amount for part in _first(allocations, amount)}
    left = [Allocation(part.grant_id, part.amount - spent.get(part.grant_id, 0)) for part in allocations]
    return [part for part in left if part.amount > 0]


def _own(unit: Unit, owner: str, reservation_id: str) -> Reservation:
    reservation = unit.get(RESERVATIONS, reservation_id)
    if reservation is None or reservation.owner != owner:
        raise DomainError("reservation_not_found", "There is no such reservation.")
    return reservation


def _reference(reservation_id: str) -> Reference:
    return Reference("credit_reservation", reservation_id)
