"""What is known of the answer a result came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from isa_user._wire import RawHeaders

__all__ = ["RESPONSE_KEY", "ResponseInfo", "attach_response", "header"]

RESPONSE_KEY: Final = "_isa_response"


def header(headers: RawHeaders, name: bytes) -> str | None:
    """The first header with this lower-case name, or None."""
    for key, value in headers:
        if key.lower() == name:
            return value.decode("latin-1")
    return None


@dataclass(frozen=True, slots=True)
class ResponseInfo:
    """Facts about the HTTP answer behind a result (``model.response``).

    ``elapsed`` is the duration of the whole call in seconds, retries and waits included; ``attempts``
    counts the requests sent.
    """

    status: int
    attempts: int
    elapsed: float
    raw_headers: RawHeaders = field(repr=False)

    @property
    def headers(self) -> Mapping[str, str]:
        """The answer's headers, names in lower case, repeated ones joined with a comma."""
        merged: dict[str, str] = {}
        for raw_name, raw_value in self.raw_headers:
            name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
            merged[name] = f"{merged[name]}, {value}" if name in merged else value
        return merged

    @property
    def request_id(self) -> str | None:
        """The server's id of this request (``X-Request-Id``), for support and logs."""
        return header(self.raw_headers, b"x-request-id")

    @property
    def idempotent_replayed(self) -> bool:
        """True when the server answered with the stored result of an earlier request (rules ID-2)."""
        return (header(self.raw_headers, b"idempotent-replayed") or "").lower() == "true"


def attach_response(model: object, info: ResponseInfo) -> None:
    """Note where a freshly parsed model came from."""
    # pydantic leaves keys that are no fields out of equality, repr, dumps and iteration, as it does for
    # cached properties; a private attribute would take part in equality.
    object.__setattr__(model, RESPONSE_KEY, info)
