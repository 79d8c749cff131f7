"""The id that every request has."""

from __future__ import annotations

from typing import Protocol

from .wire import Request


class Numbering(Protocol):
    """What gives requests their ids."""

    def new_request_id(self) -> str:
        """An id for one request."""
        ...


def request_id_of(request: Request, numbering: Numbering) -> str:
    """The client's own X-Request-Id where it is fit to print, else a new one (rules 8.3)."""
    given = request.headers.get("x-request-id", "")
    if 1 <= len(given) <= 128 and given.isascii() and given.isprintable():
        return given
    return numbering.new_request_id()
