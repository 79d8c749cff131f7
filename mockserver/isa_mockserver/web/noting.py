"""From a request and its answer to an entry of the journal (rules AD-1)."""

from __future__ import annotations

import json
import logging

from isa_mockserver.kernel.clock import steady_s

from .admission import Admission
from .journal import MAX_KEPT_BODY_BYTES, Entry
from .problems import CONTENT_TYPE
from .redaction import redacted
from .visible import visible
from .wire import Answer, Request

logger = logging.getLogger("isa_mockserver")


def note(
    admission: Admission,
    request: Request,
    answer: Answer,
    started_s: float,
    *,
    service: str | None = None,
    operation: str | None = None,
) -> None:
    """Put it into the journal of its sandbox; `started_s` is when its work began."""
    replayed, warning = False, None
    for name, value in answer.headers:
        if name == "Idempotent-Replayed":
            replayed = True
        elif name == "Isa-Mock-Warning":
            warning = redacted(value)
    delivery, principal, body = answer.delivery, admission.principal, request.body
    runtime = admission.runtime
    entry = Entry(
        runtime.world.clock.now(),
        request.method,
        request.path,
        service,
        operation,
        principal.user_id if principal else None,
        None if delivery and delivery.drop and not delivery.worked else answer.status,
        _code_of(answer) if answer.status >= 400 else None,
        answer.request_id,
        (steady_s() - started_s + (delivery.latency_s if delivery else 0.0)) * 1000,
        replayed,
        warning,
        delivery.fault if delivery else None,
        request.query_string,
        body if body is not None and len(body) <= MAX_KEPT_BODY_BYTES else None,
    )
    runtime.journal.add(entry)
    if logger.isEnabledFor(logging.DEBUG):
        logger.debug("%s", request_line(entry))


def request_line(entry: Entry) -> str:
    """A request and its answer on one line; what could be a secret in the path is redacted."""
    said = f"{entry.method} {visible(entry.path)} {entry.user or 'nobody'} -> {entry.status or 'no answer'}"
    code = f" {entry.code}" if entry.code else ""
    return f"{said}{code} ({entry.latency_ms:.1f} ms)"


def _code_of(answer: Answer) -> str | None:
    """The code of a refusal; where it is replayed, as it was stored."""
    if answer.code is not None or answer.content_type != CONTENT_TYPE:
        return answer.code
    try:
        code = json.loads(answer.body).get("code")
    except ValueError:
        return None
    return code if isinstance(code, str) else None
