"""`/_mock/webhooks`: who gets which events, and with which secret (rules WH-10, WH-11)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictStr

from isa_mockserver.kernel.events import CATALOGUE
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.web.fields import Check, ErrorCode, Flag, QueryParams, RequestBody, Text500, refuse
from isa_mockserver.web.route import Reply
from isa_mockserver.webhooks.adversary import TRICKS
from isa_mockserver.webhooks.endpoints import (
    MAX_URL_CHARS,
    NewEndpoint,
    check_url,
    find,
    register,
    remove,
    rotate,
    switch,
)
from isa_mockserver.webhooks.model import ENDPOINTS, EVERY_TYPE, Endpoint
from isa_mockserver.webhooks.signing import key_of
from isa_mockserver.webhooks.views import endpoint_view

from .answers import WebhookBody, WebhookPage
from .route import ControlCall, ControlRoute


def _url(value: str) -> str:
    try:
        return check_url(value)
    except ValueError as error:
        raise refuse("invalid_value", str(error)) from None


def _secret(value: str) -> str:
    try:
        key_of(value)
    except ValueError as error:
        raise refuse("invalid_value", str(error)) from None
    return value


def _event_type(value: str) -> str:
    if value != EVERY_TYPE and value not in CATALOGUE:
        raise refuse("unknown_event_type", "is not an event type of the catalogue")
    return value


def _trick(value: str) -> str:
    if value not in TRICKS:
        raise refuse("invalid_value", f"must be one of {', '.join(TRICKS)}")
    return value


def _some(value: list[str]) -> list[str]:
    if not value:
        raise refuse("invalid_value", "must have at least one entry")
    return value


_URL_PATTERN = "^https?://[!-~]+$"
_SECRET_PATTERN = "^whsec_[A-Za-z0-9+/]{32,86}={0,2}$"

Url = Annotated[StrictStr, Check(_url, "invalid_value", pattern=_URL_PATTERN, maxLength=MAX_URL_CHARS)]
Secret = Annotated[StrictStr, Check(_secret, "invalid_value", pattern=_SECRET_PATTERN)]
EventType = Annotated[StrictStr, Check(_event_type, "unknown_event_type", enum=[EVERY_TYPE, *CATALOGUE])]
EventTypes = Annotated[list[EventType], Check(_some, "invalid_value", minItems=1), Field(max_length=100)]
Trick = Annotated[StrictStr, Check(_trick, "invalid_value", enum=list(TRICKS))]
Tricks = Annotated[list[Trick], Field(max_length=len(TRICKS))]


class NewWebhook(RequestBody):
    """An endpoint; without `secret` one is made, `events` names the types that it gets."""

    url: Url
    events: EventTypes = Field(default_factory=lambda: [EVERY_TYPE])
    description: Text500 | None = None
    secret: Secret | None = None
    adversary: Tricks = Field(default_factory=list)


class ChangeWebhook(RequestBody):
    """On, or off."""

    enabled: Flag


class Rotate(RequestBody):
    """Whether the old secret ends at once."""

    expire_now: Flag = False


class ListQuery(QueryParams):
    """With `secrets=true` each endpoint is shown with what signs."""

    secrets: Annotated[bool, ErrorCode("invalid_value")] = False


def list_webhooks(call: ControlCall[None, ListQuery]) -> Reply:
    """Every endpoint, oldest first."""
    found = call.commit(lambda unit: unit.scan(ENDPOINTS))
    shown = [endpoint_view(each, secret=call.query.secrets) for each in found]
    return Reply(200, {"data": shown, "has_more": False, "next_cursor": None})


def add_webhook(call: ControlCall[NewWebhook, None]) -> Reply:
    """Send every event from now on there too; the secret is in the answer (rules WH-10)."""
    body = call.body
    wanted = NewEndpoint(
        url=body.url,
        events=body.events,
        description=body.description,
        secret=body.secret,
        adversary=body.adversary,
    )
    return Reply(201, endpoint_view(call.commit(lambda unit: register(unit, wanted)), secret=True))


def change_webhook(call: ControlCall[ChangeWebhook, None]) -> Reply:
    """Turn an endpoint off, or on again: from the next event on."""

    def work(unit: Unit) -> Endpoint:
        return switch(unit, call.path["id"], on=call.body.enabled)

    return Reply(200, endpoint_view(call.commit(work)))


def remove_webhook(call: ControlCall[None, None]) -> Reply:
    """Forget an endpoint."""
    call.commit(lambda unit: remove(unit, call.path["id"]))
    return Reply(204, None)


def rotate_secret(call: ControlCall[Rotate, None]) -> Reply:
    """A new secret at once; the old one signs too for 24 hours (rules WH-11)."""
    turned = call.commit(lambda unit: rotate(unit, call.path["id"], expire_now=call.body.expire_now))
    return Reply(200, endpoint_view(turned, secret=True))


def show_webhook(call: ControlCall[None, ListQuery]) -> Reply:
    """One endpoint."""
    found = call.commit(lambda unit: find(unit, call.path["id"]))
    return Reply(200, endpoint_view(found, secret=call.query.secrets))


ROUTES = (
    ControlRoute(
        operation="list_webhooks",
        method="GET",
        path="/_mock/webhooks",
        handler=list_webhooks,
        response=WebhookPage,
        query=ListQuery,
        summary="The endpoints",
    ),
    ControlRoute(
        operation="add_webhook",
        method="POST",
        path="/_mock/webhooks",
        handler=add_webhook,
        response=WebhookBody,
        statuses=(201,),
        errors=("invalid_value",),
        body=NewWebhook,
        summary="Add an endpoint",
    ),
    ControlRoute(
        operation="show_webhook",
        method="GET",
        path="/_mock/webhooks/{id}",
        handler=show_webhook,
        response=WebhookBody,
        errors=("webhook_endpoint_not_found",),
        query=ListQuery,
        summary="One endpoint",
    ),
    ControlRoute(
        operation="change_webhook",
        method="PATCH",
        path="/_mock/webhooks/{id}",
        handler=change_webhook,
        response=WebhookBody,
        errors=("webhook_endpoint_not_found",),
        body=ChangeWebhook,
        summary="Turn an endpoint off or on",
    ),
    ControlRoute(
        operation="remove_webhook",
        method="DELETE",
        path="/_mock/webhooks/{id}",
        handler=remove_webhook,
        response=None,
        statuses=(204,),
        errors=("webhook_endpoint_not_found",),
        summary="Forget an endpoint",
    ),
    ControlRoute(
        operation="rotate_webhook_secret",
        method="POST",
        path="/_mock/webhooks/{id}/rotate",
        handler=rotate_secret,
        response=WebhookBody,
        errors=("webhook_endpoint_not_found",),
        body=Rotate,
        body_optional=True,
        summary="Give an endpoint a new secret",
    ),
)
