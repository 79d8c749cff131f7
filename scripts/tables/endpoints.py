"""Every endpoint: the SDK's call, a curl command, what it answers and refuses, and where it is decided."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from isa_mockserver.serve.ports import DOCUMENTED
from isa_mockserver.slices import routes_by_service
from isa_mockserver.web.openapi.bodies import OF_SERVICES
from isa_mockserver.web.route import Route
from scripts.tables.arguments import IDS, QUERIES
from scripts.tables.text import fenced, table

CLIENTS: Mapping[str, str] = {
    "payments": "PaymentClient",
    "wallets": "WalletClient",
    "billing": "BillingClient",
    "subscriptions": "SubscriptionClient",
    "credits": "CreditClient",
}


def operations() -> str:
    """One row a call, with where it is described."""
    return table(
        ("call", "endpoint", "port", "page heading", "rules"),
        (
            (
                f"`{CLIENTS[service]}.{route.operation}`",
                f"`{route.method} {route.path}`",
                str(DOCUMENTED[service]),
                route.heading or "extension",
                ", ".join(route.rules),
            )
            for service, route in _routes()
        ),
    )


def endpoints() -> str:
    """A chapter a service, a paragraph an endpoint."""
    chapters = dict.fromkeys(service for service, _ in _routes())
    return "\n".join(
        f"## {service.title()} ({DOCUMENTED[service]})\n\n"
        + "\n".join(_paragraph(service, route) for owner, route in _routes() if owner == service)
        for service in chapters
    )


def command(service: str, route: Route) -> str:
    """The curl command of an endpoint, over the documented port."""
    key = (service, route.operation)
    query = f"?{QUERIES[key]}" if key in QUERIES else ""
    verb = "" if route.method == "GET" else f"-X {route.method} "
    lines = [
        f'curl {verb}"http://localhost:{DOCUMENTED[service]}{route.path.format_map(IDS)}{query}"',
        '  -H "Authorization: Bearer YOUR_JWT_TOKEN"',
    ]
    if key in OF_SERVICES:
        lines += ['  -H "Content-Type: application/json"', f"  -d '{json.dumps(OF_SERVICES[key])}'"]
    return " \\\n".join(lines)


def _paragraph(service: str, route: Route) -> str:
    source = f'page, "{route.heading}"' if route.heading else "extension"
    rules = f"; rules {', '.join(route.rules)}" if route.rules else ""
    answers = "/".join(map(str, route.statuses))
    refusals = ", ".join(f"`{code}`" for code in route.errors) or "only what every call may refuse"
    return (
        f"### `{CLIENTS[service]}.{route.operation}`\n\n"
        f"{route.summary}\n\n"
        f"{fenced('sh', command(service, route))}\n"
        f"Answers {answers}. Refuses with {refusals}. ({source}{rules})\n"
    )


def _routes() -> Iterator[tuple[str, Route]]:
    for service, routes in routes_by_service().items():
        yield from ((service, route) for route in routes)
