"""Every command of the reference works: sent to a server that holds what it is about."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Mapping

import pytest

from isa_mockserver.serve.ports import DOCUMENTED
from isa_mockserver.slices import routes_by_service
from isa_mockserver.testing import MockServer
from isa_mockserver.web.openapi.bodies import OF_SERVICES
from isa_mockserver.web.route import Route
from isa_user import SyncIsaUser
from scripts.tables.arguments import IDS
from scripts.tables.endpoints import command

CARD = "pm_card_visa"
LINES = OF_SERVICES["billing", "create_invoice"]["items"]
CASES = [(service, route) for service, routes in routes_by_service().items() for route in routes]


def _intent(isa: SyncIsaUser, **options: str | bool) -> str:
    made = isa.payments.create_intent(amount=2999, currency="usd", **options)  # type: ignore[arg-type]
    return made.payment_intent_id


def _paid(isa: SyncIsaUser) -> str:
    return _intent(isa, payment_method_id=CARD, confirm=True)


def _held(isa: SyncIsaUser) -> str:
    return _intent(isa, payment_method_id=CARD, confirm=True, capture_method="manual")


def _refund(isa: SyncIsaUser) -> str:
    return isa.payments.refund(_paid(isa)).refund_id


def _crypto(isa: SyncIsaUser) -> str:
    wanted = OF_SERVICES["payments", "create_crypto_payment"]
    return isa.payments.create_crypto_payment(**wanted).crypto_payment_id


def _invoice(isa: SyncIsaUser, *, final: bool = True) -> str:
    made = isa.billing.create_invoice(customer_id="user_456", items=LINES, auto_finalize=final)
    return made.invoice_id


def _draft(isa: SyncIsaUser) -> str:
    return _invoice(isa, final=False)


def _consumption(isa: SyncIsaUser) -> str:
    return isa.credits.consume(amount=10, reason="image").consumption_id


def _reservation(isa: SyncIsaUser) -> str:
    return isa.credits.reserve(amount=50, reason="video").reservation_id


def _subscription(isa: SyncIsaUser) -> str:
    return isa.subscriptions.create_subscription(
        plan_id="plan_pro_monthly", payment_method_id=CARD
    ).subscription_id


def _paused(isa: SyncIsaUser) -> str:
    _subscription(isa)
    return isa.subscriptions.pause_subscription().subscription_id


PREPARED: Mapping[str, Callable[[SyncIsaUser], str]] = {
    "confirm_intent": _intent,
    "get_intent": _intent,
    "update_intent": _intent,
    "cancel_intent": _intent,
    "capture_intent": _held,
    "refund": _paid,
    "get_refunds": _paid,
    "get_refund": _refund,
    "get_crypto_payment": _crypto,
    "cancel_crypto_payment": _crypto,
    "get_invoice": _invoice,
    "pay_invoice": _invoice,
    "void_invoice": _invoice,
    "mark_uncollectible": _invoice,
    "update_invoice": _draft,
    "delete_invoice": _draft,
    "finalize_invoice": _draft,
    "refund_consumption": _consumption,
    "commit_reservation": _reservation,
    "release_reservation": _reservation,
    "get_subscription": _subscription,
    "change_plan": _subscription,
    "preview_change": _subscription,
    "cancel_subscription": _subscription,
    "pause_subscription": _subscription,
    "resume_subscription": _paused,
}
"""Operation -> what has to be there before; the id that takes the place of the command's."""


@pytest.mark.parametrize(("service", "route"), CASES, ids=lambda case: getattr(case, "operation", case))
def test_the_command_is_answered_as_the_reference_says(service: str, route: Route) -> None:
    with MockServer(seed="demo", clock="2024-02-01T00:00:00Z") as server:
        isa = server.client(SyncIsaUser, user="user_456")
        made = PREPARED[route.operation](isa) if route.operation in PREPARED else ""
        method, url, body = _taken_apart(command(service, route))
        for placeholder in IDS.values():
            url = url.replace(placeholder, made)
        path = url.removeprefix(f"http://localhost:{DOCUMENTED[service]}")
        answer = server.request(method, path, user="user_456", json_body=body, port=DOCUMENTED[service])
    assert answer.status in route.statuses, answer.body


def _taken_apart(text: str) -> tuple[str, str, object]:
    words = shlex.split(re.sub(r"\\\n", " ", text))
    method = words[words.index("-X") + 1] if "-X" in words else "GET"
    body = json.loads(words[words.index("-d") + 1]) if "-d" in words else None
    return method, next(word for word in words if word.startswith("http")), body
