"""Requests and answers as plain values: what every way in and out of the server speaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

MAX_BODY_BYTES = 1_048_576
JSON = "application/json"

RawHeaders = Sequence[tuple[bytes, bytes]]
"""Headers in the order in which they came; their names are in lower case."""


class Request(NamedTuple):
    """One HTTP request, read in full. `body` is None when it passed the size limit."""

    method: str
    path: str
    query_string: str
    headers: Mapping[str, str]
    path_params: Mapping[str, str]
    body: bytes | None
    raw_headers: RawHeaders = ()


class Delivery(NamedTuple):
    """What a fault does to an answer on its way; `worked` tells whether the request's work was done.

    `drop` closes the connection instead; where the answer has `begun` then, half of its body has left.
    """

    fault: str
    drop: bool = False
    begun: bool = False
    latency_s: float = 0.0
    worked: bool = True


class Answer(NamedTuple):
    """One HTTP answer: status, content type, body, and headers beside the usual ones.

    `code` is that of a refusal; `delivery` is set where a fault strikes. `request_id` is sent as a header.
    """

    status: int
    body: bytes
    content_type: str = JSON
    headers: Sequence[tuple[str, str]] = ()
    code: str | None = None
    delivery: Delivery | None = None
    request_id: str = ""


Responder = Callable[[Request], Answer]
"""Answers a request, and waits for nothing; errors of every kind are answers too."""


def headers_of(raw: RawHeaders) -> dict[str, str]:
    """Name -> value; of several headers of one name the first counts."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(raw)}


def declared_bytes(headers: Mapping[str, str]) -> int:
    """How long a request says that its body is."""
    length = headers.get("content-length", "")
    return int(length[:12]) if length.isdecimal() else 0


def sent_headers(answer: Answer) -> list[tuple[str, str]]:
    """An answer's headers as they are sent; one without a body (204) has no content type."""
    headers = [(name.lower(), value) for name, value in answer.headers]
    if answer.request_id:
        headers.append(("x-request-id", answer.request_id))
    if answer.status != 204:
        headers.append(("content-type", answer.content_type))
        headers.append(("content-length", str(len(answer.body))))
    return headers


def raw_headers(answer: Answer) -> list[tuple[bytes, bytes]]:
    """The same, as bytes."""
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in sent_headers(answer)]


def breaks_off(answer: Answer) -> bool:
    """Whether a fault drops the connection before the answer is complete; an empty body has no middle."""
    delivery = answer.delivery
    return delivery is not None and delivery.drop and not (delivery.begun and not answer.body)


def begun(answer: Answer) -> bytes:
    """What has left of the body where the connection breaks in the middle of it: half."""
    return answer.body[: len(answer.body) // 2]
