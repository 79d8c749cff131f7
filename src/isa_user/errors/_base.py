"""The root of the error tree: what every error carries, how it reads, and how it is pickled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from isa_user.errors._advice import advice
from isa_user.errors._secret import guarded, masked

__all__ = ["FieldError", "IsaError"]


@dataclass(frozen=True, slots=True)
class FieldError:
    """One failed field of a request or an answer.

    ``param`` is the field's path (``items.0.quantity``), ``code`` the machine-readable reason,
    ``detail`` the sentence for people.
    """

    param: str | None = None
    code: str | None = None
    detail: str | None = None


class IsaError(Exception):
    """Base of all errors of the SDK; catching it catches everything the SDK raises on purpose.

    Attributes are ``None`` (or empty) where they do not apply. ``retry_after`` is in seconds,
    ``attempts`` counts the requests that were sent; ``endpoint`` is what was called, as method and URL
    with the names of its ids. ``str(error)`` ends with what to do next.
    Errors can be pickled; a cause survives pickling when it is an ``IsaError`` itself, secrets in ``body``
    and ``context`` do not.
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int | None = None,
        code: str | None = None,
        param: str | None = None,
        decline_code: str | None = None,
        context: Mapping[str, Any] | None = None,
        errors: Sequence[FieldError] = (),
        request_id: str | None = None,
        body: Any = None,
        retry_after: float | None = None,
        attempts: int = 0,
        idempotency_key: str | None = None,
        own_key: bool = False,
        endpoint: str | None = None,
        next_step: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message: str = message
        self.status_code: int | None = status_code
        self.code: str | None = code
        self.param: str | None = param
        self.decline_code: str | None = decline_code
        self.context: dict[str, Any] = guarded(dict(context or {}))
        self.errors: tuple[FieldError, ...] = tuple(errors)
        self.request_id: str | None = request_id
        self.body: Any = guarded(body)
        self.retry_after: float | None = retry_after
        self.attempts: int = attempts
        self.idempotency_key: str | None = idempotency_key
        self.endpoint: str | None = endpoint
        self._own_key = own_key
        self._next_step = next_step

    @property
    def next_step(self) -> str:
        """What the caller can do about it, in one to three sentences."""
        if self._next_step is not None:
            return self._next_step
        return advice(
            [cls.__name__ for cls in type(self).__mro__],
            self.code,
            self.decline_code,
            self.idempotency_key,
            own_key=self._own_key,
        )

    def __str__(self) -> str:
        parts = [_sentence(self.message)]
        facts = ", ".join(self._facts())
        if facts:
            parts.append(f"({facts})")
        if self.next_step:
            parts.append(self.next_step)
        return " ".join(parts)

    def _facts(self) -> list[str]:
        facts: list[str] = []
        if self.endpoint is not None:
            facts.append(self.endpoint)
        if self.status_code is not None:
            facts.append(f"HTTP {self.status_code}")
        for name in ("code", "decline_code", "param"):
            value = getattr(self, name)
            if value is not None:
                facts.append(f"{name} {value}")
        if self.request_id is not None:
            facts.append(f"request {self.request_id}")
        if self.attempts > 1:
            facts.append(f"{self.attempts} attempts")
        return facts

    def __reduce__(self) -> tuple[Any, ...]:
        cause = self.__cause__ if isinstance(self.__cause__, IsaError) else None
        return (_rebuild, (type(self), self.args, masked(dict(self.__dict__)), cause))


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _rebuild(
    cls: type[IsaError], args: tuple[Any, ...], state: dict[str, Any], cause: IsaError | None
) -> IsaError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    error.__cause__ = cause
    return error
