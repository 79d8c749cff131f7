"""Every stable code: status, class in the SDK, an example of what it says, and what to do."""

from __future__ import annotations

import json

from isa_mockserver.kernel.errors import CODES
from isa_mockserver.web.openapi.example_facts import DETAILS
from isa_user import APIStatusError
from isa_user._response import status_error
from isa_user._wire import WireResponse
from scripts.tables.text import table


def errors() -> str:
    """One row a code, by status and name."""
    rows = sorted((status, code) for code, (status, _) in CODES.items())
    return table(
        ("code", "status", "raised as", "it says, for example", "what to do"),
        (_row(status, code) for status, code in rows),
    )


def _row(status: int, code: str) -> tuple[str, ...]:
    error = _raised(status, code)
    return (
        f"`{code}`",
        str(status),
        f"`{type(error).__name__}`",
        _visible(DETAILS[code]),
        _plain(error.next_step),
    )


def _raised(status: int, code: str) -> APIStatusError:
    body = json.dumps({"detail": code, "code": code}).encode()
    answer = WireResponse(status, [(b"content-type", b"application/problem+json")], body)
    return status_error(answer, attempts=1, idempotency_key=None)


def _plain(sentence: str) -> str:
    """Underscores and stars of names are no emphasis."""
    return sentence.replace("_", r"\_").replace("*", r"\*")


def _visible(sentence: str) -> str:
    """What stands in angle brackets is no HTML."""
    return sentence.replace("<", "&lt;")
