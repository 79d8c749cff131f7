"""What is asked of a server in one call, however many attempts it takes."""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

from isa_user._config import ClientConfig
from isa_user._operations import Operation
from isa_user._wire import RawHeaders
from isa_user.errors._secret import repr_without

__all__ = ["Call"]

T_co = TypeVar("T_co", covariant=True)


class Call(NamedTuple, Generic[T_co]):
    """One logical call: all of its attempts send this, with this one idempotency key.

    ``settings`` are the client's as the call's options change them; ``own_key`` tells that the caller
    chose the key.
    """

    operation: Operation[T_co]
    settings: ClientConfig
    url: str
    headers: RawHeaders
    body: bytes
    idempotency_key: str | None
    own_key: bool

    def __repr__(self) -> str:
        return repr_without(self, ("headers", "body"))

    @property
    def is_write(self) -> bool:
        """Whether the call may change something."""
        return self.operation.safety == "write"

    @property
    def endpoint(self) -> str:
        """Method and URL, with the names of the path's ids: what an error may show."""
        return f"{self.operation.method} {self.settings.urls[self.operation.service]}{self.operation.path}"
