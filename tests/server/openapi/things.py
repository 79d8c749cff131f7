"""One of everything in the World of a server, made by its own calls, so that ids in paths lead somewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from isa_mockserver.app import Application

from .subject import call, token

EVM_ADDRESS = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


PLACES: Mapping[str, str] = {
    "/_mock/webhooks/": "webhooks",
    "/_mock/events/": "events",
    "/_mock/intents/": "intents",
    "/_mock/faults/": "faults",
    "/_mock/snapshots/": "snapshots",
    "/_mock/crypto/": "crypto",
}
"""Start of a control call's path -> whose ids stand in it."""


def ids_of(path: str, parameter: str, ids: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The ids that can stand for a parameter of a path, out of `things_in`."""
    of_control = (kind for start, kind in PLACES.items() if path.startswith(start) and parameter != "hash")
    return ids.get(next(of_control, parameter), ())


class Maker:
    """Calls the gateway as the demo's user, who is an admin too."""

    def __init__(self, made: Application) -> None:
        self._app = made.gateway
        self._headers = {"Authorization": f"Bearer {token('user_456', 'admin')}"}

    def __call__(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """The answer to a call that works."""
        status, _, answer = call(self._app, method, path, body, self._headers)
        assert status < 300, answer
        found: dict[str, Any] = json.loads(answer or b"{}")
        return found


def things_in(made: Application) -> Mapping[str, tuple[str, ...]]:
    """Make one of everything; path parameter -> ids that it can stand for."""
    do = Maker(made)
    paid = do("POST", "/api/v1/payments/intent", _INTENT | {"confirm": True})["payment_intent_id"]
    held = do("POST", "/api/v1/payments/intent", _INTENT | _HELD)["payment_intent_id"]
    challenged = do("POST", "/api/v1/payments/intent", _INTENT | _CHALLENGED)["payment_intent_id"]
    refund = do("POST", f"/api/v1/payments/{paid}/refund", {"amount": 500})["refund_id"]
    crypto = do("POST", "/api/v1/payments/crypto", _CRYPTO)["crypto_payment_id"]
    do("POST", f"/_mock/crypto/{crypto}/transactions", {"tx_hash": "0xfeed", "amount": 40})
    drafts = [do("POST", "/api/v1/billing/invoices", _INVOICE | {"auto_finalize": False}) for _ in "ab"]
    opened = do("POST", "/api/v1/billing/invoices", _INVOICE)
    do("POST", "/api/v1/subscriptions", {"plan_id": "plan_pro_monthly", "payment_method_id": "pm_card_visa"})
    spent = do("POST", "/api/v1/credits/consume", {"amount": 10, "reason": "test"})["consumption_id"]
    holds = [do("POST", "/api/v1/credits/reserve", {"amount": 5, "reason": "test"}) for _ in "ab"]
    webhook = do("POST", "/_mock/webhooks", {"url": "http://localhost:9/hook"})["webhook_id"]
    event = do("GET", "/_mock/events")["data"][0]["id"]
    do("POST", "/_mock/sandboxes", {"name": "blue"})
    fault = do("POST", "/_mock/faults", {"effect": "latency", "latency_s": 1, "match": {"user": "nobody"}})
    do("POST", "/_mock/snapshots/before")
    intents = (paid, held, challenged, "pi_abc123")
    return {
        "payment_intent_id": intents,
        "refund_id": (refund,),
        "crypto_payment_id": (crypto,),
        "invoice_id": tuple(each["invoice_id"] for each in (opened, *drafts)),
        "reservation_id": tuple(each["reservation_id"] for each in holds),
        "consumption_id": (spent,),
        "user": ("user_456", "user_789"),
        "name": ("blue",),
        "hash": ("0xfeed",),
        "webhooks": (webhook,),
        "events": (event,),
        "faults": (fault["fault_id"],),
        "snapshots": ("before",),
        "intents": intents,
        "crypto": (crypto,),
    }


_INTENT = {"amount": 2999, "currency": "usd", "payment_method_id": "pm_card_visa"}
_HELD = {"confirm": True, "capture_method": "manual"}
_CHALLENGED = {"confirm": True, "payment_method_id": "pm_card_authenticationRequired"}
_CRYPTO = {"amount": 100, "currency": "usdc", "blockchain": "ethereum", "wallet_address": EVM_ADDRESS}
_INVOICE = {"customer_id": "user_456", "items": [{"description": "work", "quantity": 2, "unit_price": 500}]}
