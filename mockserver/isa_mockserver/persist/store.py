"""What a durable store is: two calls, `load` and `commit`; and how it says no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from isa_mockserver.kernel.changes import Changes


class StateFileError(Exception):
    """State cannot be kept there; the text is one sentence for the person who chose the place."""


class Store(Protocol):
    """A place where Worlds outlive the process. It belongs to one server at a time."""

    def load(self) -> Mapping[str, Changes]:
        """Everything that was committed: sandbox -> all of its content, as one."""
        ...

    def commit(self, batch: Sequence[Changes]) -> None:
        """Write it all or nothing; on return it outlives a crash of the process and of the machine.

        Raises:
            OSError, sqlite3.Error: nothing of it was written.
        """
        ...

    def close(self) -> None:
        """Give the place back."""
        ...
