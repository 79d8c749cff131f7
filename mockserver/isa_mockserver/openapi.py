"""What each port documents: a service its own calls, the gateway all of them and the control API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .naming import GATEWAY
from .slices import control_calls, routes_by_service
from .web.control import ROUTES as CONTROL_ROUTES

_ABOUT: Mapping[str, tuple[str, str]] = {
    "payments": (
        "Payment Service",
        "Payment intents, refunds, crypto payments, and the history of all.",
    ),
    "wallets": ("Wallet Service", "Virtual wallets: balances, deposits, transfers, the statement."),
    "billing": ("Billing Service", "Invoices, usage and quotas."),
    "subscriptions": ("Subscription Service", "Plans, and the life of a subscription."),
    "credits": ("Credit Service", "Packages of credits: bought, spent, reserved, given back."),
    GATEWAY: ("isA Payment Services", "All five services on one port, and the control API."),
}
_CONTROL_TAG = "control"
_HEALTH_TAG = "health"
_CONVENTIONS = """
Amounts are integers in the currency's minor unit (`2999` usd is $29.99); times are UTC. A refusal is a
problem document (RFC 9457) whose `code` is stable. Lists are newest first: pass `next_cursor` as `cursor` to
go on. Any POST takes an `Idempotency-Key`. Every answer has an `X-Request-Id`, your own where you sent one.

`x-isa-heading` names the heading of the published page; a call with `x-isa-extension: true` is not on it.
`x-isa-operation` is the name of the SDK's method, `x-isa-rules` are the domain rules that the call follows.
"""


def describe(service: str, *, strict_fields: bool, admins_only: bool) -> Mapping[str, Any]:
    """The OpenAPI document of a service, or of the gateway.

    `strict_fields` and `admins_only` are the server's settings: unknown fields are refused, and the control
    API asks for a token with the role `admin`.
    """
    from .version import server_version
    from .web.control.described import of_control
    from .web.openapi import HEALTH, Tag, document, of_route

    shown = routes_by_service() if service == GATEWAY else {service: routes_by_service()[service]}
    operations = [
        of_route(name, route, closed=strict_fields) for name, routes in shown.items() for route in routes
    ]
    tags = [Tag(name, _ABOUT[name][1]) for name in shown]
    if service == GATEWAY:
        control = (*CONTROL_ROUTES, *control_calls())
        operations += [of_control(route, admins_only=admins_only) for route in control]
        tags.append(Tag(_CONTROL_TAG, "For tests and demonstrations: time, state, faults, tokens, webhooks."))
    title, about = _ABOUT[service]
    return document(
        title=title,
        description=f"{about}\n{_CONVENTIONS}",
        version=server_version(),
        tags=[*tags, Tag(_HEALTH_TAG, "Whether the service is up.")],
        operations=[*operations, HEALTH],
    )
