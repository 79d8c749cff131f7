"""A toy service behind the real pipeline, for tests of the pipeline itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import Field

from isa_mockserver.kernel.clock import Clock
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.idempotency import ANSWERS
from isa_mockserver.kernel.ids import IdSource
from isa_mockserver.kernel.store import TableSpec
from isa_mockserver.kernel.users import USERS
from isa_mockserver.kernel.world import Blueprint, World
from isa_mockserver.testing.inprocess import ask
from isa_mockserver.web.app import App
from isa_mockserver.web.fields import Amount, Metadata, RequestBody, ResponseBody, Text500
from isa_mockserver.web.paging import PageQuery, page
from isa_mockserver.web.route import Call, Principal, Reply, Route
from isa_mockserver.web.runtime import Runtime
from isa_mockserver.web.service import Router, endpoint_places

START = datetime(2024, 1, 28, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Toy:
    """A row of the toy service."""

    id: str
    owner: str
    amount: int
    created_at: datetime


TOYS = TableSpec("toys", Toy, indexes=("owner",))


class MakeToy(RequestBody):
    """A body with a code of its own, an optional text and metadata."""

    amount: Amount
    note: Text500 | None = None
    metadata: Metadata = Field(default_factory=dict)


class Nudge(RequestBody):
    """A body whose fields are all optional."""

    amount: Amount | None = None


class ToyBody(ResponseBody):
    """The exact answer."""

    toy_id: str
    amount: int


class ToyQuery(PageQuery):
    """A list with one filter."""

    amount: int | None = None


def show(toy: Toy) -> dict[str, Any]:
    return {"toy_id": toy.id, "amount": toy.amount}


def make_toy(call: Call[MakeToy, None]) -> Reply | DomainError:
    toy = call.unit.put(TOYS, Toy(call.unit.new_id("toy"), call.user_id, call.body.amount, call.unit.now))
    call.unit.emit("webhook.ping", call.user_id, show(toy))
    match toy.amount:
        case 402:
            return DomainError("card_declined", "The card was declined.", decline_code="generic_decline")
        case 404:
            raise DomainError("payment_intent_not_found", "No such toy.")
        case 422:
            raise DomainError("amount_too_small", "Too small.", param="amount", context={"minimum": 500})
        case 500:
            raise RuntimeError("SECRET-IN-A-TRACEBACK")
    return Reply(201, show(toy))


def list_toys(call: Call[None, ToyQuery]) -> Reply:
    wanted = call.query.amount
    return Reply(
        200,
        page(
            call.unit,
            TOYS,
            "owner",
            call.user_id,
            call.query,
            show,
            where=lambda toy: wanted is None or toy.amount == wanted,
        ),
    )


ROUTES = (
    Route(
        operation="make_toy",
        method="POST",
        path="/toys",
        handler=make_toy,
        body=MakeToy,
        response=ToyBody,
        statuses=(201,),
        summary="Make a toy",
        errors=("card_declined", "payment_intent_not_found", "amount_too_small"),
    ),
    Route(
        operation="list_toys",
        method="GET",
        path="/toys",
        handler=list_toys,
        query=ToyQuery,
        response=None,
        summary="List toys",
    ),
    Route(
        operation="nudge",
        method="POST",
        path="/toys/{toy_id}/nudge",
        handler=lambda call: Reply(200, {"toy_id": call.path["toy_id"], "amount": call.body.amount or 0}),
        body=Nudge,
        body_optional=True,
        response=ToyBody,
        summary="Nudge a toy",
    ),
    Route(
        operation="drop_toy",
        method="DELETE",
        path="/toys/{toy_id}",
        handler=lambda call: Reply(204, None),
        response=None,
        statuses=(204,),
        summary="Drop a toy",
    ),
)


class BearerIsUser:
    """Takes the bearer token as the user's name."""

    def authenticate(self, authorization: str | None) -> Principal:
        """The caller."""
        if not authorization:
            raise DomainError(
                "authentication_required", "Send a token.", headers=[("WWW-Authenticate", "Bearer")]
            )
        return Principal(authorization.removeprefix("Bearer "))


@dataclass(frozen=True)
class Got:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class ToyServer:
    """The toy service, called in process."""

    def __init__(self, *, strict_fields: bool = False) -> None:
        self.runtime = Runtime(
            start_world=lambda: World(
                Blueprint(tables=(TOYS, USERS, ANSWERS)), clock=Clock(START), ids=IdSource(0)
            ),
            authenticator=BearerIsUser(),
            strict_fields=strict_fields,
            check_responses=True,
        )
        self.app = App(lambda: Router(endpoint_places("toys", ROUTES, self.runtime), self.runtime))

    @property
    def world(self) -> World:
        return self.runtime.world

    def call(
        self,
        method: str,
        path: str,
        body: bytes | dict[str, Any] | None = None,
        *,
        user: str | None = "alice",
        **headers: str,
    ) -> Got:
        content = json.dumps(body).encode() if isinstance(body, dict) else body or b""
        sent = {"content-type": "application/json"} if content else {}
        if user:
            sent["authorization"] = f"Bearer {user}"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        raw = [(name.encode(), value.encode("latin-1")) for name, value in sent.items() if value]
        status, answered, content = ask(self.app, method, f"http://localhost{path}", raw, content)
        return Got(status, {name.decode(): value.decode() for name, value in answered}, content)
