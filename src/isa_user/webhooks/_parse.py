"""From a verified body to an event (rules WH-1)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import from_json

from isa_user.errors import FieldError, WebhookVerificationError
from isa_user.webhooks.events import Event, KnownEvent, UnknownEvent

__all__ = ["EVENT_CLASSES", "parse_event"]

logger = logging.getLogger("isa_user.webhooks")

EVENT_CLASSES: Mapping[str, type[KnownEvent]] = {
    cls.model_fields["type"].default: cls for cls in get_args(KnownEvent)
}
"""Event type -> its class."""


def parse_event(body: bytes, webhook_id: str) -> Event:
    """The event in a body whose signature was verified; ``webhook_id`` stands in for an id that it lacks.

    A type without a class here, and content that does not fit its class, give an ``UnknownEvent``: what a
    sender adds must not break a receiver that is older.

    Raises:
        WebhookVerificationError: ``invalid_payload``, the body is not a JSON object with a ``type``.
    """
    payload = _object(body)
    event_type = payload.get("type")
    if not isinstance(event_type, str):
        raise _invalid("has no type", "type")
    if not isinstance(payload.get("id"), str):
        payload["id"] = webhook_id
    if known := EVENT_CLASSES.get(event_type):
        return _typed(known, payload)
    return _unknown(payload)


def _object(body: bytes) -> dict[str, Any]:
    try:
        payload = from_json(body, allow_inf_nan=False)
    except ValueError:
        # From None: the cause shows a piece of the body.
        raise _invalid("is not JSON") from None
    if not isinstance(payload, dict):
        raise _invalid("is not a JSON object")
    return payload


def _typed(known: type[KnownEvent], payload: dict[str, Any]) -> Event:
    try:
        return known.model_validate(payload)
    except ValidationError as error:
        problems = tuple(_problem(each) for each in error.errors(include_input=False, include_url=False))
    named = ", ".join(f"{each.param}: {each.detail}" for each in problems)
    logger.warning("webhook %r of type %s does not fit it: %s", payload["id"], payload["type"], named)
    return _unknown(payload, problems)


def _problem(error: Mapping[str, Any]) -> FieldError:
    return FieldError(
        param=".".join(str(step) for step in error["loc"]), code=error["type"], detail=error["msg"]
    )


def _unknown(payload: dict[str, Any], problems: tuple[FieldError, ...] = ()) -> UnknownEvent:
    data = payload.get("data")
    kept = {**payload, "data": data if isinstance(data, dict) else {}}
    return UnknownEvent.model_validate({**kept, "problems": problems})


def _invalid(what: str, param: str | None = None) -> WebhookVerificationError:
    return WebhookVerificationError(f"The signed body {what}.", code="invalid_payload", param=param)
