"""What was asked of a sandbox, for assertions that say what they saw (rules AD-1)."""

from __future__ import annotations

from typing import Any

from isa_mockserver.web.journal import Entry, Wanted
from isa_mockserver.web.runtime import Runtime
from isa_mockserver.web.suggest import suggestion
from isa_mockserver.web.visible import visible

_SHOWN = 20


class EvidenceLostError(AssertionError):
    """The journal dropped older requests, so that the claim can be neither proved nor refuted."""


class RequestView:
    """The requests of a sandbox, oldest first: the last 10,000 are kept.

    Filters are `operation` (the SDK's method name), `service`, `user`, `status` (402 or `4xx`), `code`,
    `method`, `path` and `fault`. An operation or service that there is not is a ValueError, for a claim about
    it would say nothing. Control calls are not among the requests.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @property
    def dropped(self) -> int:
        """How many older requests are not kept any more."""
        return self._runtime.journal.dropped

    def all(self, **filters: Any) -> list[Entry]:
        """The kept requests that fit."""
        return self._wanted(filters).among(self._runtime.journal.all())

    def last(self, **filters: Any) -> Entry:
        """The newest request that fits.

        Raises:
            AssertionError: there is none; it shows what there was.
        """
        self.assert_called(**filters)
        return self.all(**filters)[-1]

    def count(self, **filters: Any) -> int:
        """How many fit.

        Raises:
            EvidenceLostError: the journal dropped some, so that the number is not known.
        """
        self._check_complete(self._wanted(filters))
        return len(self.all(**filters))

    def clear(self) -> None:
        """Forget what was asked so far: what follows is judged by itself."""
        self._runtime.journal.clear()

    def assert_called(
        self, operation: str | None = None, *, times: int | None = None, **filters: Any
    ) -> None:
        """Claim that fitting requests came: exactly `times`, or at least one.

        Raises:
            AssertionError: they did not; it shows what there was.
            EvidenceLostError: that cannot be known any more.
        """
        wanted = self._wanted({"operation": operation, **filters})
        kept = self._runtime.journal.all()
        found = len(wanted.among(kept))
        proved = found > 0 if times is None else found == times
        refuted = times is not None and found > times
        if not refuted and not (proved and times is None):
            self._check_complete(wanted)
        if not proved:
            expected = "at least one request" if times is None else f"{times} request(s)"
            raise AssertionError(f"expected {expected} with {wanted}, saw {found}.{_seen(kept)}")

    def assert_not_called(self, operation: str | None = None, **filters: Any) -> None:
        """Claim that no fitting request came.

        Raises:
            AssertionError: one came; it shows what there was.
            EvidenceLostError: that cannot be known any more.
        """
        self.assert_called(operation, times=0, **filters)

    def _wanted(self, filters: dict[str, Any]) -> Wanted:
        """A name that there is not would make a claim that no request can refute."""
        wanted = _wanted(filters)
        services = self._runtime.operations
        known = {operation for operations in services.values() for operation in operations}
        for what, name, names in (
            ("operation", wanted.operation, sorted(known)),
            ("service", wanted.service, list(services)),
        ):
            if name is not None and name not in names:
                raise ValueError(f"there is no {what} {name!r}{suggestion(name, names)}")
        return wanted

    def _check_complete(self, wanted: Wanted) -> None:
        dropped, kept = self.dropped, self._runtime.journal.capacity
        if dropped:
            raise EvidenceLostError(
                f"whether {wanted} was asked so often cannot be known: the journal keeps {kept} requests and "
                f"has dropped the {dropped} before them. Call requests.clear() before the part that counts."
            )


def lines(entries: list[Entry]) -> list[str]:
    """One line a request, for people."""
    return [
        f"{entry.sequence:>6}  {entry.method} {visible(entry.path)} ({entry.operation or 'no operation'}) "
        f"{entry.user or 'nobody'} -> {entry.status or 'no answer'} {entry.code or ''}"
        f"{' replayed' if entry.replayed else ''}{f' fault={entry.fault}' if entry.fault else ''}".rstrip()
        for entry in entries
    ]


def _wanted(filters: dict[str, Any]) -> Wanted:
    unknown = set(filters) - set(Wanted._fields)
    if unknown:
        raise TypeError(
            f"no such filter: {', '.join(sorted(unknown))}; there are {', '.join(Wanted._fields)}"
        )
    return Wanted(**{name: value if value is None else str(value) for name, value in filters.items()})


def _seen(entries: list[Entry]) -> str:
    if not entries:
        return " Nothing was asked."
    left_out = len(entries) - _SHOWN
    head = f" The last of {len(entries)}:" if left_out > 0 else " There were:"
    return "\n".join([head, *lines(entries[-_SHOWN:])])
