"""What is asked of a server in one call, however many attempts it takes."""

from __future__ import annotations

from typing import Any, Generic, NamedTuple, TypeVar

from isa_user._operations import Operation
from isa_user._wire import RawHeaders
from isa_user.errors._secret import repr_without

__all__ = ["Call"]

T_co = TypeVar("T_co", covariant=True)


class Call(NamedTuple, Generic[T_co]):
    """One logical call: all of its attempts send this, with this one idempotency key. Times in seconds.

    ``own_key`` tells that the caller chose the key.
    """

    operation: Operation[T_co]
    base_url: str
    url: str
    headers: RawHeaders
    body: bytes
    token: Any
    idempotency_key: str | None
    own_key: bool
    timeout_s: float
    deadline_s: float | None
    max_retries: int
    idempotent_server: bool

    def __repr__(self) -> str:
        return repr_without(self, ("headers", "body", "token"))

    @property
    def is_write(self) -> bool:
        """Whether the call may change something."""
        return self.operation.safety == "write"

    @property
    def endpoint(self) -> str:
        """Method and URL, with the names of the path's ids: what an error may show."""
        return f"{self.operation.method} {self.base_url}{self.operation.path}"
