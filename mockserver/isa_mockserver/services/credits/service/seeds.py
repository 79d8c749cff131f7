"""The page's credit state, built by the rules' own means (rules CR-12)."""

from __future__ import annotations

from datetime import timedelta

from isa_mockserver.kernel.unit import Unit

from .grants import give
from .reservations import reserve


def seed_credits(unit: Unit, *, owner: str) -> None:
    """Make what heading "Get Credits" shows: total 500, available 450, reserved 50, 100 expiring soon.

    The hold falls on the grant that expires first, which leaves 100 of its 150 free.
    """
    give(unit, user_id=owner, amount=150, expires_at=unit.now + timedelta(days=29))
    give(unit, user_id=owner, amount=350, expires_at=None)
    reserve(unit, owner=owner, amount=50, reason="fixture", ttl_s=None)
