"""From a request to the plain data that its schemas judge: the JSON body and the query (rules 8.3)."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import parse_qsl

from pydantic import BaseModel

from isa_mockserver.kernel.errors import DomainError, Failure

from .jsonbody import parse_object
from .wire import JSON, Request


def document_of(request: Request, model: type[BaseModel] | None, *, optional: bool) -> dict[str, Any]:
    """The JSON object in the body; empty where the endpoint takes no body or an optional one is missing.

    Raises:
        DomainError: `body_too_large`, `unsupported_media_type`, `body_required` or `malformed_json`.
    """
    if request.body is None:
        raise DomainError("body_too_large", "The body is larger than this endpoint takes.")
    if model is None or (optional and not request.body):
        return {}
    if request.body and not _is_json(request.headers.get("content-type", "")):
        raise DomainError(
            "unsupported_media_type", "Send the body as JSON, with Content-Type: application/json."
        )
    return parse_object(request.body)


def _is_json(content_type: str) -> bool:
    return content_type == JSON or content_type.split(";")[0].strip().lower() == JSON


def query_of(request: Request) -> dict[str, str]:
    """The query parameters.

    Raises:
        DomainError: `invalid_value` for parameters that are given more than once.
    """
    pairs = parse_qsl(request.query_string, keep_blank_values=True)
    repeated = [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]
    if repeated:
        raise DomainError.of_failures(
            [Failure(name, "invalid_value", f"'{name}' is given more than once.") for name in repeated]
        )
    return dict(pairs)
