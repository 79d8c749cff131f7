"""The named snapshots of one sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from isa_mockserver.kernel.errors import DomainError, Failure
from isa_mockserver.kernel.snapshot import Snapshot

MAX_SNAPSHOTS = 100


Note = Callable[[str, Snapshot | None], None]
"""Takes down that a name has a snapshot from now on, or with None that it has none any more."""


def _in_memory(name: str, snapshot: Snapshot | None) -> None:
    """Where nothing is kept, nothing is taken down."""


class Snapshots:
    """Name -> snapshot, bounded in number.

    `there` are those of an earlier process; `note` is told of changes.
    """

    def __init__(self, there: Mapping[str, Snapshot] | None = None, note: Note = _in_memory) -> None:
        self._by_name = dict(there or {})
        self._note = note

    def keep(self, name: str, snapshot: Snapshot) -> bool:
        """Keep it, in place of one of the same name; whether the name is new.

        Raises:
            DomainError: `invalid_value`, there are as many as may be.
        """
        new = name not in self._by_name
        if new and len(self._by_name) >= MAX_SNAPSHOTS:
            detail = f"There are {MAX_SNAPSHOTS} snapshots already; delete some first."
            raise DomainError.of_failures([Failure("name", "invalid_value", detail)])
        self._by_name[name] = snapshot
        self._note(name, snapshot)
        return new

    def get(self, name: str) -> Snapshot:
        """The snapshot of that name.

        Raises:
            DomainError: `snapshot_not_found`.
        """
        try:
            return self._by_name[name]
        except KeyError:
            raise DomainError("snapshot_not_found", "There is no snapshot of that name.") from None

    def drop(self, name: str) -> None:
        """Forget it.

        Raises:
            DomainError: `snapshot_not_found`.
        """
        self.get(name)
        self._by_name.pop(name, None)
        self._note(name, None)

    def all(self) -> dict[str, Snapshot]:
        """What is kept, in the order of the names' making."""
        return dict(self._by_name)
