"""P4, AU-4: what belongs to another user answers as what does not exist, over every operation with an id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from isa_mockserver.kernel.state import dump
from isa_mockserver.slices import routes_by_service
from isa_mockserver.testing import MockServer, RawAnswer
from isa_user import InvoiceItemParam, SyncIsaUser

OWNER, STRANGER = "user_456", "user_stranger"
CARD = {"payment_method_id": "pm_card_visa"}
ADDRESS = "0x52908400098527886E0F7030069857D2E4169EE7"
LINES: list[InvoiceItemParam] = [{"description": "API usage", "quantity": 100, "unit_price": 10}]


def _intent(isa: SyncIsaUser, **more: Any) -> str:
    return isa.payments.create_intent(amount=2999, currency="usd", **more).payment_intent_id


def _paid(isa: SyncIsaUser) -> str:
    return _intent(isa, **CARD, confirm=True)


def _held(isa: SyncIsaUser) -> str:
    return _intent(isa, **CARD, confirm=True, capture_method="manual")


def _refund(isa: SyncIsaUser) -> str:
    return isa.payments.refund(_paid(isa)).refund_id


def _crypto(isa: SyncIsaUser) -> str:
    paid = isa.payments.create_crypto_payment(
        amount=100, currency="usdc", blockchain="ethereum", wallet_address=ADDRESS
    )
    return paid.crypto_payment_id


def _draft(isa: SyncIsaUser) -> str:
    return isa.billing.create_invoice(customer_id=OWNER, items=LINES, auto_finalize=False).invoice_id


def _open(isa: SyncIsaUser) -> str:
    return isa.billing.create_invoice(customer_id=OWNER, items=LINES).invoice_id


def _reservation(isa: SyncIsaUser) -> str:
    return isa.credits.reserve(amount=5, reason="render").reservation_id


def _consumption(isa: SyncIsaUser) -> str:
    return isa.credits.consume(amount=5, reason="render").consumption_id


def _usage(isa: SyncIsaUser) -> str:
    return isa.billing.record_usage(metric="api_calls", quantity=5).usage_id


def _owner(isa: SyncIsaUser) -> str:
    return OWNER


@dataclass(frozen=True)
class Case:
    """An operation that names something by `{id}`, in its path, its query or in the field `named_in`."""

    operation: str
    make: Callable[[SyncIsaUser], str]
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])
    named_in: str | None = None
    status: int = 404
    owners_status: int = 200

    def __str__(self) -> str:
        return self.operation + (f" by {self.named_in}" if self.named_in else "")


CASES = [
    Case("payments.get_intent", _intent),
    Case("payments.confirm_intent", _intent, CARD),
    Case("payments.update_intent", _intent, {"description": "mine now"}),
    Case("payments.cancel_intent", _intent),
    Case("payments.capture_intent", _held),
    Case("payments.refund", _paid, {"amount": 100}),
    Case("payments.get_refunds", _paid),
    Case("payments.get_refund", _refund),
    Case("payments.get_crypto_payment", _crypto),
    Case("payments.cancel_crypto_payment", _crypto),
    Case("billing.get_invoice", _open),
    Case("billing.update_invoice", _draft, {"due_date": "2030-01-01"}),
    Case("billing.delete_invoice", _draft),
    Case("billing.finalize_invoice", _draft),
    Case("billing.pay_invoice", _open, CARD),
    Case("billing.void_invoice", _open),
    Case("billing.mark_uncollectible", _open),
    Case("credits.commit_reservation", _reservation),
    Case("credits.release_reservation", _reservation),
    Case("credits.refund_consumption", _consumption),
    Case("billing.create_invoice", _owner, {"items": LINES}, "customer_id", 403),
    Case("billing.get_invoices", _owner, {}, "customer_id", 403),
    # Corrections are for admins: the owner too is refused, and so learns no more than a stranger.
    Case("billing.record_usage", _usage, {"metric": "api_calls", "quantity": -1}, "corrects", 403, 403),
]
"""Every operation that names what a user may own, and how the owner comes to have one."""

NOT_OWNED = {
    ("transfer", "to_user_id"): "whom money can go to is no secret: an unknown recipient is a 404 (W-6)",
    ("record_usage", "subscription_id"): "a label that is kept as it was sent, and looked up nowhere",
    ("record_usage", "event_id"): "a new name, of the caller's own; another user's events do not meet it",
    **dict.fromkeys(
        [
            (operation, "payment_method_id")
            for operation in (
                "create_intent",
                "confirm_intent",
                "update_intent",
                "deposit",
                "pay_invoice",
                "create_subscription",
                "resume_subscription",
                "purchase",
            )
        ],
        "the test cards are everybody's",
    ),
    ("create_subscription", "plan_id"): "the catalogue is everybody's",
    ("change_plan", "new_plan_id"): "the catalogue is everybody's",
    ("preview_change", "new_plan_id"): "the catalogue is everybody's",
}
"""Fields that end in `_id` and name nothing that a user owns, each with the reason."""

SUCCESSES = {200: (201, 202, 204), 403: ()}
ROUTES = {
    f"{service}.{route.operation}": route
    for service, routes in routes_by_service().items()
    for route in routes
}


def _ask(server: MockServer, case: Case, user: str, id_: str) -> RawAnswer:
    route = ROUTES[case.operation]
    name = route.path.partition("{")[2].partition("}")[0]
    path = route.path.replace(f"{{{name}}}", id_)
    body = {**case.body, **({case.named_in: id_} if case.named_in else {})}
    if route.body is None:
        query = "&".join(f"{key}={value}" for key, value in body.items())
        body, path = {}, f"{path}?{query}"
    sent = body if route.body is not None else None
    headers = {"x-request-id": "req_same", "idempotency-key": f"key-{user}-{id_}"}
    return server.request(route.method, path, user=user, json_body=sent, headers=headers)


def _unknown_like(id_: str) -> str:
    """An id of the same make that names nothing."""
    return id_[:-4] + ("zzzz" if id_[-4:] != "zzzz" else "yyyy")


def _state(server: MockServer) -> dict[str, Any]:
    """All that is kept, but for the remembered answers: both refusals are remembered alike."""
    document = dump(server._application.runtime.world)
    return {**document, "tables": {**document["tables"], "idempotency": None}}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_foreign_id_is_answered_byte_for_byte_as_an_unknown_one(case: Case) -> None:
    """Status, headers and body are the same, and nothing is written: neither words nor work tell."""
    with MockServer(seed="demo", clock="2024-01-28T10:00:00Z") as server:
        own = case.make(server.client(SyncIsaUser, user=OWNER))
        unknown = _unknown_like(own)
        server.request("GET", "/api/v1/wallets/me", user=STRANGER)
        before, events = _state(server), len(server.events.all())
        foreign, missing = (_ask(server, case, STRANGER, id_) for id_ in (own, unknown))
        assert foreign.status == missing.status == case.status
        assert foreign.body.replace(own.encode(), b"ID") == missing.body.replace(unknown.encode(), b"ID")
        assert foreign.headers == missing.headers
        assert (_state(server), len(server.events.all())) == (before, events)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_owner_reaches_it_by_the_same_request(case: Case) -> None:
    """So that the test above does not ask for what nobody can reach."""
    with MockServer(seed="demo", clock="2024-01-28T10:00:00Z") as server:
        own = case.make(server.client(SyncIsaUser, user=OWNER))
        answer = _ask(server, case, OWNER, own)
        assert answer.status in (case.owners_status, *SUCCESSES[case.owners_status]), answer.body


def test_the_table_has_every_operation_that_names_something_by_an_id() -> None:
    in_path = {name for name, route in ROUTES.items() if "{" in route.path}
    assert in_path == {case.operation for case in CASES if case.named_in is None}
    fields = {
        (route.operation, name)
        for route in ROUTES.values()
        for model in (route.body, route.query)
        if model is not None
        for name in model.model_fields
        if name.endswith("_id") or name == "corrects"
    }
    in_body = {(case.operation.partition(".")[2], case.named_in) for case in CASES if case.named_in}
    assert fields == in_body | set(NOT_OWNED)


def test_another_users_cursor_key_and_usage_event_are_not_shared() -> None:
    """8.5, ID-2, US-1: a foreign cursor is a garbled one, a foreign key and a foreign event are new."""
    with MockServer(seed="demo") as server:
        owner, stranger = (server.client(SyncIsaUser, user=user) for user in (OWNER, STRANGER))
        for _ in range(3):
            owner.payments.create_intent(amount=2999, currency="usd", idempotency_key="shared-key")
            owner.wallets.deposit(amount=100, currency="usd", payment_method_id="pm_card_visa")
        cursor = owner.wallets.get_transactions(limit=1).next_cursor
        assert cursor
        headers = {"x-request-id": "req_same"}
        path = "/api/v1/wallets/me/transactions?limit=1&cursor="
        foreign = server.request("GET", path + cursor, user=STRANGER, headers=headers)
        garbled = server.request("GET", path + cursor[::-1], user=STRANGER, headers=headers)
        assert (foreign.status, foreign.body) == (garbled.status, garbled.body)
        assert foreign.json()["code"] == "invalid_cursor"
        mine = stranger.payments.create_intent(amount=5000, currency="usd", idempotency_key="shared-key")
        assert (mine.amount, mine.response.idempotent_replayed) == (5000, False)
        for isa in (owner, stranger):
            recorded = isa.billing.record_usage(metric="api_calls", quantity=7, event_id="usage-1")
            assert not recorded.response.idempotent_replayed
        assert stranger.billing.get_usage(metric="api_calls").total == 7
