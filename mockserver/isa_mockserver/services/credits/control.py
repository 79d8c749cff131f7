"""Control calls that give credits away."""

from __future__ import annotations

from typing import Annotated, Literal

from isa_mockserver.kernel.money import MAX_CHARGE
from isa_mockserver.web.control.route import ControlCall, ControlRoute
from isa_mockserver.web.fields import RequestBody, Shape, Timestamp, Token
from isa_mockserver.web.route import Reply

from .schemas import Credits, GrantBody
from .service import DEFAULT_EXPIRY, give
from .views import grant_view


class Give(RequestBody):
    """Credits for a user. `expires_at` left out follows the source (rules CR-3); null is never."""

    user: Token
    amount: Annotated[Credits, Shape(maximum=MAX_CHARGE)]
    expires_at: Timestamp | None = None
    source: Literal["promo", "subscription", "adjustment"] = "promo"


def give_credits(call: ControlCall[Give, None]) -> Reply:
    """Grant credits that nobody pays for (rules CR-3)."""
    wanted = call.body
    expiry = wanted.expires_at if "expires_at" in wanted.model_fields_set else DEFAULT_EXPIRY
    grant = call.commit(
        lambda unit: give(
            unit, user_id=wanted.user, amount=wanted.amount, source=wanted.source, expires_at=expiry
        )
    )
    return Reply(201, grant_view(grant))


CONTROL: tuple[ControlRoute, ...] = (
    ControlRoute(
        operation="give_credits",
        method="POST",
        path="/_mock/grants",
        handler=give_credits,
        response=GrantBody,
        statuses=(201,),
        errors=("invalid_value",),
        body=Give,
        summary="Grant credits",
    ),
)
