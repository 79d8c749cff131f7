"""What a receiver answers, as data: a sender takes 2xx as done and tries all else again (rules WH-6)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from isa_user.webhooks._once import Outcome

__all__ = ["BY_OUTCOME", "TOO_LARGE", "Answer", "RawHeaders", "refusal"]

RawHeaders = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, and for people why."""

    status: int
    code: str = ""
    detail: str = ""
    headers: RawHeaders = ()

    @property
    def body(self) -> bytes:
        """A problem document (RFC 9457), or nothing where all is well."""
        if not self.code:
            return b""
        return json.dumps({"status": self.status, "code": self.code, "detail": self.detail}).encode("ascii")


HANDLED = Answer(204)
FAILED = Answer(500, "handler_failed", "Handling failed; send the event again later.")
BUSY = Answer(503, "in_progress", "The event is being handled already.", ((b"retry-after", b"5"),))
BY_OUTCOME: Mapping[Outcome, Answer] = {
    "handled": HANDLED,
    "duplicate": HANDLED,
    "busy": BUSY,
    "failed": FAILED,
}

WRONG_METHOD = Answer(405, "method_not_allowed", "Webhooks are sent with POST.", ((b"allow", b"POST"),))
TOO_LARGE = Answer(413, "payload_too_large", "The body is larger than this receiver takes.")
NOT_JSON = Answer(415, "unsupported_media_type", "Webhooks are sent as application/json.")

_JSON = re.compile(r"application/([^ ]+\+)?json")


def refusal(method: str, content_type: bytes | None) -> Answer | None:
    """The answer to a request that cannot be a webhook; a missing content type is taken for JSON."""
    if method != "POST":
        return WRONG_METHOD
    media_type = (content_type or b"application/json").decode("latin-1").partition(";")[0].strip().lower()
    return None if _JSON.fullmatch(media_type) else NOT_JSON
