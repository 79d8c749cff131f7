"""Small views on a running server's World: its clock, its events, its ledger."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from isa_mockserver.kernel.events import Event
from isa_mockserver.kernel.ledger import LedgerReport
from isa_mockserver.kernel.world import Ran, World
from isa_mockserver.web.durations import Duration
from isa_mockserver.web.moments import moment_of, span_of
from isa_mockserver.web.runtime import Runtime
from isa_mockserver.webhooks.trigger import check_type, trigger

from .post import Post


class ClockView:
    """The World's clock: move it forward, and all due work runs in order (rules CK-1).

    Webhooks are delivered on the way, each at its time: what a receiver does then, happens then.
    """

    def __init__(self, runtime: Runtime, post: Post) -> None:
        self._runtime = runtime
        self._post = post

    def now(self) -> datetime:
        """The World's time, UTC."""
        return self._runtime.world.clock.now()

    def advance(
        self,
        by: timedelta | str | None = None,
        *,
        months: int = 0,
        days: int = 0,
        hours: int = 0,
        minutes: int = 0,
        seconds: int = 0,
    ) -> list[Ran]:
        """Move time on and answer what was run.

        `by` is a timedelta, or text as the command line takes it (`12h`, `31d`, `P1M`); the units by name
        come on top of it, months first (from the 31st to the last day of a shorter month).

        Raises:
            ValueError: `by` is no length of time.
            isa_mockserver.kernel.errors.DomainError: `clock_backwards` or `clock_step_too_large`.
        """
        world = self._runtime.world
        length = Duration(0, 0, 0) if by is None else span_of(by)
        step_s = (hours * 60 + minutes) * 60 + seconds + length.seconds
        try:
            target = Duration(length.months + months, length.days + days, step_s).after(self.now())
        except OverflowError:
            return self._move(world, world.moment_after(step_s + (length.days + days) * 86_400))
        return self._move(world, target)

    def set(self, moment: datetime | str) -> list[Ran]:
        """Move time forward to `moment` (aware, RFC 3339 text or a date), freeze it, answer what was run.

        Raises:
            ValueError: the text is no time, or has no zone.
            isa_mockserver.kernel.errors.DomainError: `clock_backwards` or `clock_step_too_large`.
        """
        world = self._runtime.world
        target = moment_of(moment)
        ran = self._move(world, target)
        with world.lock:
            world.clock.freeze()
            world.clock.move(target)  # real time may have ticked since the move
        return ran

    def _move(self, world: World, moment: datetime) -> list[Ran]:
        world.check_step(moment)
        ran: list[Ran] = []
        while (stop := self._post.next_stop(world, moment)) is not None:
            ran += world.move_to(stop)
            self._post.deliver()
        with world.lock:
            ran += world.move_to(max(moment, world.clock.now()))
        self._post.deliver()
        return ran


class EventView:
    """The events that were committed, oldest first."""

    def __init__(self, runtime: Runtime, post: Post) -> None:
        self._runtime = runtime
        self._post = post

    def all(self) -> list[Event]:
        """Every event."""
        return list(self._runtime.world.events)

    def types(self) -> list[str]:
        """The type of every event."""
        return [event.type for event in self._runtime.world.events]

    def of(self, type_: str) -> list[Event]:
        """The events of one type.

        Raises:
            LookupError: the catalogue has no such type, so that there could never be one.
        """
        check_type(type_)
        return [event for event in self._runtime.world.events if event.type == type_]

    def trigger(self, type_: str, *, user: str = "user_1", **changes: Any) -> Event:
        """Send an example of any event, about a resource that is stored nowhere; `changes` replace fields.

        Raises:
            LookupError: the catalogue has no such type.
            ValueError: a field is a slip for one of the example, or holds another kind of value there.
        """
        world = self._runtime.world
        with world.lock:
            with world.unit() as unit:
                trigger(unit, type_, user, changes)
            event = world.events[-1]
        self._post.deliver()
        return event


class LedgerView:
    """The double-entry ledger below everything."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def check(self) -> LedgerReport:
        """Prove the books: every currency sums to zero, no wallet below zero, no posting twice."""
        return self._runtime.world.ledger.check()

    def balance(self, account: str, currency: str) -> int:
        """The balance of one account, such as `wallet:user_1:available`, in minor units."""
        return self._runtime.world.ledger.balance(account, currency)
