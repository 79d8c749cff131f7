"""How a control call fails; every text is one sentence for the person at the keyboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self


class ControlError(Exception):
    """The call came to nothing; `url` is the server's address."""

    def __init__(self, message: str, url: str = "") -> None:
        super().__init__(message)
        self.url = url


class ControlUnreachableError(ControlError):
    """No server listens at the address."""


class ControlRefusedError(ControlError):
    """The server answered with a problem document (rules 8.4).

    `code` is the stable code, `detail` the server's words, `request_id` its name for the request, and
    `errors` has one entry (`param`, `code`, `detail`) for each field that was wrong.
    """

    status: int = 0
    code: str = ""
    detail: str = ""
    request_id: str | None = None
    errors: Sequence[Mapping[str, Any]] = ()

    @classmethod
    def of(cls, status: int, document: Mapping[str, Any], url: str) -> Self:
        """The refusal that a problem document tells of.

        Raises:
            LookupError, TypeError: it is no problem document.
        """
        code, detail, request_id = document["code"], document["detail"], document.get("request_id")
        error = cls(f"{detail} ({status} {code}, request {request_id})", url)
        error.status, error.code, error.detail, error.request_id = status, code, detail, request_id
        error.errors = document.get("errors", ())
        return error
