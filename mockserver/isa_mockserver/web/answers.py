"""From outcomes to answers: replies, problems, and the last resort for defects of our own."""

from __future__ import annotations

import logging
from collections.abc import Callable

from isa_mockserver.kernel.errors import DomainError

from .jsontext import to_json
from .numbering import request_id_of
from .problems import CONTENT_TYPE, problem
from .route import Reply
from .runtime import Runtime
from .wire import Answer, Request

logger = logging.getLogger("isa_mockserver")


def refusal(error: DomainError, request_id: str) -> Answer:
    """The problem document of an error, with the headers that belong to it."""
    body = to_json(problem(error, request_id))
    return Answer(error.status, body, CONTENT_TYPE, error.headers, error.code, request_id=request_id)


def rendered(outcome: Reply | DomainError, request_id: str) -> Answer:
    """What a handler gave back, as it is sent."""
    if isinstance(outcome, DomainError):
        return refusal(outcome, request_id)
    body = b"" if outcome.body is None else to_json(outcome.body)
    return Answer(outcome.status, body, request_id=request_id)


def answered(request: Request, runtime: Runtime, work: Callable[[str], Answer]) -> Answer:
    """Do the work; its answer has the request id. Whatever is raised becomes a problem document."""
    request_id = request_id_of(request, runtime)
    try:
        answer = work(request_id)
    except DomainError as error:
        answer = refusal(error, request_id)
    except Exception:
        logger.exception("%s %r failed (request %s)", request.method, request.path, request_id)
        defect = DomainError("internal_error", "The server failed; this is a defect of the server.")
        answer = refusal(defect, request_id)
    return answer if answer.request_id else answer._replace(request_id=request_id)
