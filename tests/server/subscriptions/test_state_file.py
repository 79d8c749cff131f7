"""Billing and subscriptions survive a state file: every kind of row, and the work that is still due."""

from __future__ import annotations

import json

from isa_mockserver.kernel.state import dump, load
from isa_mockserver.services.billing.model import TABLES as BILLING_TABLES
from isa_mockserver.services.subscriptions.model import TABLES as SUBSCRIPTION_TABLES

from .shop import CHALLENGED, ENTERPRISE, PLUS, PRO, Shop


def _full_of_everything() -> Shop:
    shop = Shop()
    shop.set_balance(2_999)
    shop.subscribe(PRO, CHALLENGED)
    shop.use(55_000)
    shop.advance(days=1)
    items = [{"description": "x", "quantity": 1, "unit_price": 900}]
    invoice = shop.post("/billing/invoices", {"customer_id": "alice", "items": items}).body["invoice_id"]
    paid = shop.post(f"/billing/invoices/{invoice}/pay", {"payment_method_id": "pm_card_visa"}).body
    shop.post(f"/payments/{paid['payment_intent_id']}/refund", {"amount": 100})
    shop.set_balance(10)
    shop.post("/billing/invoices", {"customer_id": "alice", "items": items})
    assert shop.change(ENTERPRISE).status == 202
    return shop


def test_every_row_comes_back_as_it_was_and_what_is_due_still_happens() -> None:
    shop, twin = _full_of_everything(), Shop()
    load(twin.world, json.loads(json.dumps(dump(shop.world))))
    for spec in (*BILLING_TABLES, *SUBSCRIPTION_TABLES):
        assert twin.world.tables[spec.name].rows == shop.world.tables[spec.name].rows, spec.name
        assert shop.world.tables[spec.name].rows, spec.name
    assert twin.advance(days=60) == shop.advance(days=60)
    assert twin.subscription() == shop.subscription()
    assert twin.invoices() == shop.invoices()


def test_a_paused_and_a_changed_subscription_come_back_too() -> None:
    shop, twin = Shop(), Shop()
    shop.subscribe(PRO)
    shop.advance(days=2)
    shop.change(PLUS)
    shop.post("/subscriptions/me/pause")
    load(twin.world, json.loads(json.dumps(dump(shop.world))))
    assert twin.post("/subscriptions/me/resume").body == shop.post("/subscriptions/me/resume").body
