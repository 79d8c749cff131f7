"""A walk through a town: steps, and after each of them every invariant that can be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from isa_mockserver.webhooks.endpoints import rotate
from isa_mockserver.webhooks.outbox import line_up, take
from isa_mockserver.webhooks.outcome import Outcome
from isa_mockserver.webhooks.settling import settle

from .actions import play
from .chronicle import Delivered, Listing
from .laws import violations
from .town import Step, Town

LISTS: Mapping[str, str] = {
    "/payments/history": "payments",
    "/wallets/me/transactions": "wallet_entries",
    "/billing/invoices": "invoices",
    "/credits/me/transactions": "credit_entries",
}
"""Path of a list -> the table that it shows, newest first (rules 8.5)."""
_SENT_AT_THE_END = 40


class ViolationError(AssertionError):
    """An invariant does not hold; the words say which, and after which step."""


class Walk:
    """One town from its foundation to its end."""

    def __init__(self) -> None:
        self.town = Town()
        self.steps: list[Step] = []

    def take(self, step: Step) -> None:
        """Do the step and hold all laws.

        Raises:
            ViolationError: one does not hold.
        """
        self.steps.append(step)
        self.town.chronicle.turn_page()
        play(self.town, step)
        self.town.world.catch_up()
        another = self.town.users[len(self.steps) % len(self.town.users)]
        _look_at_balances(self.town, {step.user, another})
        self._hold(f"after step {len(self.steps)}, {step}")

    def end(self) -> None:
        """Read every list to its end, deliver the webhooks, and hold all laws once more.

        Raises:
            ViolationError: one does not hold.
        """
        self.town.chronicle.turn_page()
        for path, table in LISTS.items():
            for number, user in enumerate(self.town.users):
                _read_list(self.town, path, table, user, limit=1 + (number * 3 + len(self.steps)) % 7)
        _deliver(self.town)
        _look_at_balances(self.town, self.town.users)
        self.town.chronicle.journal.extend(self.town.runtime.journal.all())
        self._hold("at the end")

    def _hold(self, when: str) -> None:
        found = violations(self.town)
        if found:
            raise ViolationError(f"{when}: " + "; ".join(found))


def _look_at_balances(town: Town, users: Iterable[str]) -> None:
    for user in sorted(users):
        shown = (town.get("/credits/me", user=user).body, town.get("/wallets/me", user=user).body)
        town.chronicle.shown[user] = shown


def _read_list(town: Town, path: str, table: str, user: str, limit: int) -> None:
    rows = [row for row in town.rows(table) if row.owner == user]
    seqs = town.world.tables[table].seqs
    newest_first = sorted(rows, key=lambda row: (row.created_at, seqs[row.id]), reverse=True)
    pages: list[Any] = []
    asked = f"{path}?limit={limit}"
    while asked:
        body = town.get(asked, user=user).body
        pages.append(body["data"])
        asked = f"{path}?limit={limit}&cursor={body['next_cursor']}" if body["has_more"] else ""
    town.chronicle.listings.append(Listing(path, [row.id for row in newest_first], pages))


def _deliver(town: Town) -> None:
    """Send the first webhooks with the first secret, the next ones while two sign (rules WH-11)."""
    world = town.world
    line_up(world)
    secrets = [world.tables["webhook_endpoints"].rows[town.endpoint].secret]
    for number in range(_SENT_AT_THE_END):
        if number == _SENT_AT_THE_END // 2:
            town.do(lambda unit: rotate(unit, town.endpoint))
            secrets.append(world.tables["webhook_endpoints"].rows[town.endpoint].secret)
        parcel = take(world, town.endpoint)
        if parcel is None:
            return
        for shipment in parcel.shipments:
            town.chronicle.deliveries.append(Delivered(tuple(secrets), shipment.headers, shipment.body))
        settle(world, parcel, [Outcome(status=200, latency_ms=1)])
