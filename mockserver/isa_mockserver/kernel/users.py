"""Who is known: everyone who ever authenticated or was provisioned (rules W-7)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from .store import TableSpec
from .unit import Unit


class User(NamedTuple):
    """A known user; `id` is the token's subject."""

    id: str
    created_at: datetime


USERS = TableSpec("users", User)


def is_known(unit: Unit, user_id: str) -> bool:
    """Whether the user ever authenticated or was provisioned (rules W-7)."""
    return unit.get(USERS, user_id) is not None


def register(unit: Unit, user_id: str) -> User:
    """Make the user known; does nothing for a known one."""
    return unit.get(USERS, user_id) or unit.put(USERS, User(user_id, unit.now))
