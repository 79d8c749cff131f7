"""What a user's grants add up to, and the list of those that are open (rules CR-4, CR-6, CR-7)."""

from __future__ import annotations

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.credits.model import (
    ACCOUNTS,
    GRANTS,
    Account,
    Balance,
    ExpiringSoon,
    Grant,
    is_live,
)


def grant_of(unit: Unit, grant_id: str) -> Grant:
    """A grant that is known to exist.

    Raises:
        LookupError: it does not, which is a defect.
    """
    grant = unit.get(GRANTS, grant_id)
    if grant is None:
        raise LookupError(f"no grant {grant_id}")
    return grant


def keep(unit: Unit, grant: Grant) -> Grant:
    """Store the grant, and list it as open while it holds credits."""
    account = unit.get(ACCOUNTS, grant.owner) or Account(
        id=grant.owner, owner=grant.owner, created_at=unit.now
    )
    listed = grant.id in account.open_grants
    if listed != (grant.remaining > 0):
        others = tuple(grant_id for grant_id in account.open_grants if grant_id != grant.id)
        unit.put(ACCOUNTS, account._replace(open_grants=others if listed else (*others, grant.id)))
    return unit.put(GRANTS, grant)


def open_grants(unit: Unit, owner: str) -> list[Grant]:
    """The grants with credits left, live or held beyond their expiry."""
    account = unit.get(ACCOUNTS, owner)
    return [grant_of(unit, grant_id) for grant_id in account.open_grants] if account else []


def live_grants(unit: Unit, owner: str) -> list[Grant]:
    """The grants that count now (rules CR-4)."""
    return [grant for grant in open_grants(unit, owner) if is_live(grant, unit.now)]


def balance_of(unit: Unit, owner: str) -> Balance:
    """Free credits of live grants, and open holds, which may outlive their grant (rules CR-6)."""
    grants = open_grants(unit, owner)
    return Balance(
        available=sum(grant.free for grant in grants if is_live(grant, unit.now)),
        reserved=sum(grant.reserved for grant in grants),
    )


def total_credits(unit: Unit, owner: str) -> int:
    """The port `TotalCredits`: available and reserved together (rules W-3)."""
    return balance_of(unit, owner).total


def expiring_soon(unit: Unit, owner: str) -> ExpiringSoon | None:
    """The free credits that share the earliest expiry within the notice period (rules CR-7)."""
    expiries = [
        (grant.expires_at, grant.free)
        for grant in open_grants(unit, owner)
        if grant.expires_at is not None and grant.expires_soon(unit.now)
    ]
    if not expiries:
        return None
    earliest = min(expires_at for expires_at, _ in expiries)
    amount = sum(free for expires_at, free in expiries if expires_at == earliest)
    return ExpiringSoon(amount, earliest)


def require_available(unit: Unit, owner: str, required: int) -> None:
    """Refuse when the free credits do not cover `required`; held ones do not count (rules CR-8).

    Raises:
        DomainError: `insufficient_credits`.
    """
    available = balance_of(unit, owner).available
    if available < required:
        raise DomainError(
            "insufficient_credits",
            f"{available} credits are available; {required} are needed.",
            context={"required": required, "available": available, "shortfall": required - available},
        )
