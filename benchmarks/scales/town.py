"""One user who owns so many objects of every kind: the worst case for whatever looks through them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from isa_mockserver.testing import MockServer

START = datetime(2024, 1, 28, 10, tzinfo=UTC)
BATCH = 100
"""Usage events in one request (rules US-8)."""
_METHOD = {"payment_method_id": "pm_card_visa"}
_LINE = {"description": "API Usage", "quantity": 100, "unit_price": 1}

Body = Mapping[str, Any]


class Owner:
    """The user, and the calls that are measured; each gives what it needs for the next."""

    def __init__(self, server: MockServer) -> None:
        self._server = server
        self._keys = count()

    def ask(self, method: str, path: str, body: Body | None = None) -> Any:
        """One request through the whole server, in process; raises RuntimeError where it is refused."""
        headers = {"authorization": "Bearer user_1"}
        if method == "POST":
            headers["idempotency-key"] = f"key-{next(self._keys)}"
        answer = self._server.request(method, path, user=None, json_body=body, headers=headers)
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.body!r}")
        return json.loads(answer.body)

    def read(self, path: str) -> Any:
        """GET under /api/v1."""
        return self.ask("GET", f"/api/v1{path}")

    def write(self, path: str, body: Body) -> Any:
        """POST under /api/v1."""
        return self.ask("POST", f"/api/v1{path}", body)

    def create_intent(self) -> str:
        """A payment that waits for its method."""
        made = self.write("/payments/intent", {"amount": 2999, "currency": "usd"})
        return str(made["payment_intent_id"])

    def confirm(self, intent: str) -> None:
        """Pay it by card."""
        self.write(f"/payments/intent/{intent}/confirm", _METHOD)

    def deposit(self) -> None:
        """Add 5.00 usd by card."""
        self.write("/wallets/me/deposit", {"amount": 500, "currency": "usd", **_METHOD})

    def create_invoice(self) -> None:
        """An open invoice of one line, due after all measurements."""
        body = {"customer_id": "user_1", "items": [_LINE], "due_date": "2030-01-31"}
        self.write("/billing/invoices", body)

    def record_usage(self, at: str = "2024-01-28T10:00:00Z") -> None:
        """One call of the API."""
        self.write("/billing/usage", {"metric": "api_calls", "quantity": 1, "timestamp": at})

    def record_batch(self) -> None:
        """A hundred usage events with ids of their own in one request."""
        events = [
            {"metric": "api_calls", "quantity": 1, "event_id": f"event-{next(self._keys)}"}
            for _ in range(BATCH)
        ]
        self.write("/billing/usage/batch", {"events": events})

    def consume(self) -> None:
        """Spend one credit."""
        self.write("/credits/consume", {"amount": 1, "reason": "scale"})


KINDS: Mapping[str, tuple[int, Callable[[Owner], object]]] = {
    "intents": (1, Owner.create_intent),
    "deposits": (1, Owner.deposit),
    "invoices": (1, Owner.create_invoice),
    "usage events": (BATCH, Owner.record_batch),
    "consumptions": (1, Owner.consume),
}
"""Kind of object -> how many a call makes, and the call."""
