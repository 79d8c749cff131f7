"""What is asked of a server in one call, however many attempts it takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from isa_user._operations import Operation
from isa_user._wire import RawHeaders

__all__ = ["Call"]

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Call(Generic[T_co]):
    """One logical call: all of its attempts send this, with this one idempotency key. Times in seconds.

    ``own_key`` tells that the caller chose the key.
    """

    operation: Operation[T_co]
    base_url: str
    url: str
    headers: RawHeaders = field(repr=False)
    body: bytes = field(repr=False)
    token: Any = field(repr=False)
    idempotency_key: str | None
    own_key: bool
    timeout_s: float
    deadline_s: float | None
    max_retries: int
    idempotent_server: bool

    @property
    def is_write(self) -> bool:
        """Whether the call may change something."""
        return self.operation.safety == "write"

    @property
    def endpoint(self) -> str:
        """Method and URL, with the names of the path's ids: what an error may show."""
        return f"{self.operation.method} {self.base_url}{self.operation.path}"
