"""All five services in one World, with a chronicle of what happens in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from isa_mockserver.kernel.state import dump
from isa_mockserver.kernel.users import register as register_user
from isa_mockserver.kernel.world import World
from isa_mockserver.webhooks.endpoints import NewEndpoint, register
from tests.server.wallets.bank import Bank, Got

from .chronicle import Call, Chronicle, Repeat

USERS = ("alice", "bob", "auth0|carol", "dora:available")
RECEIVER = "http://127.0.0.1:1/webhooks"


class Step(NamedTuple):
    """One thing that a user does: what, who, and two numbers that choose everything else about it."""

    action: str
    user: str
    n: int
    m: int


class Town(Bank):
    """Users of all services. Time passes in so many strides; what is asked twice is asked under one key."""

    services: Sequence[str] = ("payments", "wallets", "billing", "subscriptions", "credits")
    users: Sequence[str] = USERS

    def __init__(self, *, strides: int = 1) -> None:
        super().__init__()
        self.strides = strides
        self.twice = False
        self._settle()
        self.runtime.sandboxes.listeners.append(self._look)

    def reset(self) -> None:
        """Back to the beginning, without what was seen."""
        self.runtime.reset()
        self._settle()

    def _look(self, world: World) -> None:
        self.chronicle.look(world)

    def _settle(self) -> None:
        self.keys = 0
        self.chronicle = Chronicle()
        for user in (*USERS, "admin"):
            self.do(partial(register_user, user_id=user))
        self.endpoint: str = self.do(lambda unit: register(unit, NewEndpoint(url=RECEIVER))).id
        self.chronicle.begin(self.world)

    def post(
        self, path: str, body: Mapping[str, Any] | None = None, *, user: str = "alice", key: str = ""
    ) -> Got:
        """POST under /api/v1; once more under the same key where everything is asked twice."""
        if key or not self.twice:
            return super().post(path, body, user=user, key=key)
        self.keys += 1
        key = f"key-{self.keys}"
        first = super().post(path, body, user=user, key=key)
        asked = self.chronicle.calls[-1]
        self.world.catch_up()  # what the first one left due at this very instant is not the second one's
        commits = self.world.commits
        super().post(path, body, user=user, key=key)
        again = self.chronicle.calls[-1]
        self.chronicle.repeats.append(Repeat(asked, again, self.world.commits - commits))
        return first

    def rows(self, table: str) -> list[Any]:
        """The committed rows of a table."""
        return list(self.world.tables[table].rows.values())

    def pick(self, table: str, step: Step) -> str | None:
        """The id of one of the newest rows: the user's own, at times anybody's (invariant 35)."""
        rows = [row for row in self.rows(table) if step.n % 7 == 0 or row.owner == step.user][-6:]
        return str(rows[step.n % len(rows)].id) if rows else None

    def state(self) -> dict[str, Any]:
        """All that the World holds, but for stored answers, which name the request that they answered."""
        document = dump(self.world)
        del document["tables"]["idempotency"]
        return document

    def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None, user: str, headers: Mapping[str, str]
    ) -> Got:
        self.world.catch_up()
        commits = self.chronicle.commits
        before = len(commits)
        got = super()._call(method, path, body, user, headers)
        call = Call(method, path, user, body or {}, got.status, got.body, commits[before:])
        self.chronicle.hear(call)
        return got
