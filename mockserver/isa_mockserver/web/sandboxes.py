"""The sandboxes of a running server: isolated Worlds by name, bounded in number (decision 1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import RLock
from typing import Generic, Protocol, TypeVar

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.world import World

SANDBOX_HEADER = "Isa-Sandbox"
DEFAULT = "default"
MAX_SANDBOXES = 1_000
"""How many there may be beside the default one."""

NAME_PATTERN = r"[A-Za-z0-9_-]{1,64}"
NAME_WORDS = "must be 1 to 64 letters, digits, dashes or underscores"


class Named(Protocol):
    """One sandbox."""

    @property
    def sandbox(self) -> str:
        """Its name."""
        ...


S = TypeVar("S", bound=Named)


def is_sandbox_name(text: str) -> bool:
    """Whether a sandbox may be called so."""
    return re.fullmatch(NAME_PATTERN, text) is not None


class Sandboxes(Generic[S]):
    """Name -> sandbox, in the order of their making; the default one came first and stays."""

    def __init__(self) -> None:
        self._by_name: dict[str, S] = {}
        self.listeners: list[Callable[[World], None]] = []
        self.dropped: Callable[[S], None] = lambda _: None
        self.changing = RLock()

    def find(self, name: str) -> S | None:
        """The sandbox of that name, if there is one."""
        return self._by_name.get(name)

    def all(self) -> list[S]:
        """Every sandbox, the default one first."""
        return list(self._by_name.values())

    def add(self, sandbox: S) -> None:
        """Take it in, in place of one of the same name."""
        with self.changing:
            self._by_name[sandbox.sandbox] = sandbox

    def drop(self, name: str) -> bool:
        """Forget a sandbox and all it holds; the default one cannot go. Whether it was there."""
        with self.changing:
            sandbox = None if name == DEFAULT else self._by_name.pop(name, None)
            if sandbox is not None:
                self.dropped(sandbox)
            return sandbox is not None

    def check_room(self, name: str) -> None:
        """Refuse a new sandbox where there are as many as may be.

        Raises:
            DomainError: `too_many_sandboxes`.
        """
        if name not in self._by_name and len(self._by_name) > MAX_SANDBOXES:
            raise DomainError(
                "too_many_sandboxes",
                f"There are {MAX_SANDBOXES} sandboxes already; delete some with DELETE /_mock/sandboxes.",
                headers=[("Retry-After", "1")],
            )
