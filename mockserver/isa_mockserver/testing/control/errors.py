"""How a control call fails; every text is one sentence for the person at the keyboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class ControlError(Exception):
    """The call came to nothing; `url` is the server's address."""

    def __init__(self, message: str, url: str) -> None:
        super().__init__(message)
        self.url = url


class ControlUnreachableError(ControlError):
    """No server listens at the address."""


class ControlRefusedError(ControlError):
    """The server answered with a problem document (rules 8.4).

    `code` is the stable code, `detail` the server's words, `request_id` its name for the request, and
    `errors` has one entry (`param`, `code`, `detail`) for each field that was wrong.
    """

    def __init__(self, status: int, document: Mapping[str, Any], url: str) -> None:
        self.status = status
        self.code: str = document["code"]
        self.detail: str = document["detail"]
        self.request_id: str | None = document.get("request_id")
        self.errors: Sequence[Mapping[str, Any]] = document.get("errors", ())
        super().__init__(f"{self.detail} ({status} {self.code}, request {self.request_id})", url)
