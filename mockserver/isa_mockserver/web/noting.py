"""From a request and its answer to an entry of the journal (rules AD-1)."""

from __future__ import annotations

import json

from isa_mockserver.kernel.clock import steady_s

from .admission import Admission
from .wire import Answer, Request


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
    headers = dict(answer.headers)
    delivery, principal = answer.delivery, admission.principal
    virtual_s = delivery.latency_s if delivery else 0.0
    admission.runtime.journal.add(
        at=admission.runtime.world.clock.now(),
        method=request.method,
        path=request.path,
        service=service,
        operation=operation,
        user=principal.user_id if principal else None,
        status=None if delivery and not delivery.worked and delivery.drop else answer.status,
        code=answer.code or _code_of(answer),
        request_id=headers.get("X-Request-Id", ""),
        latency_ms=(steady_s() - started_s + virtual_s) * 1000,
        replayed="Idempotent-Replayed" in headers,
        warning=headers.get("Isa-Mock-Warning"),
        fault=delivery.fault if delivery else None,
        sent_query=request.query_string,
        sent_body=request.body,
    )


def _code_of(answer: Answer) -> str | None:
    """The code in a refusal that is replayed from what was stored."""
    if answer.status < 400 or answer.content_type != "application/problem+json":
        return None
    try:
        code = json.loads(answer.body).get("code")
    except ValueError:
        return None
    return code if isinstance(code, str) else None
