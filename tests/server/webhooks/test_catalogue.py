"""The catalogue of events: one table, and what every type carries (rules WH-1 to WH-3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from isa_mockserver.kernel.events import CATALOGUE
from isa_mockserver.services.billing.schemas.invoices import InvoiceBody
from isa_mockserver.services.billing.schemas.usage import QuotaBody
from isa_mockserver.services.credits.schemas import ConsumptionBody, ReservationBody
from isa_mockserver.services.payments.schemas.responses import CryptoPaymentBody, PaymentBody, RefundResult
from isa_mockserver.services.subscriptions.schemas import SubscriptionBody
from isa_mockserver.services.wallets.schemas import DepositBody, TransferBody
from isa_mockserver.testing import MockServer
from isa_mockserver.webhooks.samples.table import MAKERS, PREVIOUS
from isa_user.webhooks import KnownEvent, UnknownEvent, Webhook, sign

# Rules WH-2 and WH-3, written out.
OF_THE_PAGE = {
    "payment.succeeded",
    "payment.failed",
    "subscription.created",
    "subscription.canceled",
    "invoice.paid",
    "refund.created",
}
ADDED = {
    *(f"payment.{name}" for name in ("created", "requires_action", "processing", "canceled")),
    *(f"refund.{name}" for name in ("updated", "failed")),
    *(f"crypto_payment.{name}" for name in ("confirming", "confirmed", "underpaid", "expired", "late")),
    *(f"wallet.{name}" for name in ("deposited", "transferred")),
    *(f"invoice.{name}" for name in ("created", "updated", "deleted", "finalized", "payment_failed")),
    *(f"invoice.{name}" for name in ("voided", "marked_uncollectible", "overdue")),
    *(f"subscription.{name}" for name in ("updated", "renewed", "past_due", "unpaid", "paused", "resumed")),
    "subscription.trial_will_end",
    *(f"usage.{name}" for name in ("quota_warning", "quota_exceeded")),
    *(f"credits.{name}" for name in ("granted", "consumed", "refunded", "expiring_soon", "expired")),
    "credits.reservation_expired",
    "webhook.ping",
}
SECRETS = {"client_secret"}

SCHEMAS: Mapping[str, type[BaseModel]] = {
    "Payment": PaymentBody,
    "Refund": RefundResult,
    "CryptoPayment": CryptoPaymentBody,
    "Deposit": DepositBody,
    "Transfer": TransferBody,
    "Invoice": InvoiceBody,
    "Quota": QuotaBody,
    "Subscription": SubscriptionBody,
    "CreditConsumption": ConsumptionBody,
    "CreditReservation": ReservationBody,
}
SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


def a_real_grant() -> dict[str, type]:
    """The fields of a grant of bought credits, with the types of their values."""
    with MockServer(clock="2024-01-28T10:00:00Z") as server:
        body = {"package": "credits_1000", "payment_method_id": "pm_card_visa"}
        assert server.request("POST", "/api/v1/credits/purchase", json_body=body).status == 201
        made = server.events.of("credits.granted")[0].object
    return {name: type(value) for name, value in made.items()}


def check_object(event_type: str, subject: Mapping[str, Any]) -> None:
    """Hold an event's object against the schema with which the API answers the same resource (WH-1)."""
    resource = CATALOGUE[event_type].resource
    if resource == "CreditGrant":
        assert {name: type(value) for name, value in subject.items()} == a_real_grant()
    elif resource == "WebhookEndpoint":
        assert {"webhook_id", "url", "events", "description", "enabled"} <= set(subject)
        assert "secret" not in subject
    elif resource == "Deposit":
        SCHEMAS[resource].model_validate({**subject, "client_secret": None})
    else:
        SCHEMAS[resource].model_validate(subject)


def test_wh2_wh3_the_catalogue_is_that_of_the_rules() -> None:
    assert set(CATALOGUE) == OF_THE_PAGE | ADDED


def test_every_type_has_an_example_and_only_updates_tell_what_was_before() -> None:
    assert set(MAKERS) == set(CATALOGUE)
    assert set(PREVIOUS) == {event_type for event_type in CATALOGUE if event_type.endswith(".updated")}


def test_the_sdk_reads_the_resource_that_the_catalogue_names() -> None:
    carried = {
        cls.model_fields["type"].default: cls.model_fields["data"].annotation for cls in get_args(KnownEvent)
    }
    names = {
        event_type: data.model_fields["object"].annotation.__name__
        for event_type, data in carried.items()
        if data is not None
    }
    assert names == {event_type: row.resource for event_type, row in CATALOGUE.items()}


@pytest.mark.parametrize("event_type", CATALOGUE)
def test_wh1_a_triggered_event_carries_the_resource_as_the_api_shows_it(
    server: MockServer, event_type: str
) -> None:
    answer = server.request("POST", "/_mock/events/trigger", json_body={"type": event_type})
    event = answer.json()
    assert answer.status == 201
    assert list(event) == ["id", "type", "timestamp", "api_version", "sequence", "data"]
    assert (event["type"], event["timestamp"]) == (event_type, "2024-01-28T10:00:00Z")
    assert (event["api_version"], event["sequence"]) == ("2024-01-28", 1)
    check_object(event_type, event["data"]["object"])
    previous = event["data"].get("previous")
    assert (previous is not None) == event_type.endswith(".updated")
    for name, value in (previous or {}).items():
        assert event["data"]["object"][name] != value


@pytest.mark.parametrize("event_type", CATALOGUE)
def test_the_sdk_reads_a_triggered_event_in_full(server: MockServer, event_type: str) -> None:
    event = server.request("POST", "/_mock/events/trigger", json_body={"type": event_type}).json()
    body, headers = sign(event, SECRET)
    read = Webhook(SECRET).verify(body, headers)
    assert not isinstance(read, UnknownEvent)
    assert read.type == event_type


def test_a_trigger_takes_user_and_fields_and_stores_nothing(server: MockServer) -> None:
    body = {"type": "invoice.paid", "user": "alice", "object": {"total": 17, "note": "mine"}}
    event = server.request("POST", "/_mock/events/trigger", json_body=body).json()
    subject = event["data"]["object"]
    assert (subject["customer_id"], subject["total"], subject["note"]) == ("alice", 17, "mine")
    found = server.request("GET", f"/api/v1/billing/invoices/{subject['invoice_id']}", user="alice")
    assert (found.status, found.json()["code"]) == (404, "invoice_not_found")


def test_a_ping_is_about_the_endpoint_that_gets_it(server: MockServer) -> None:
    made = server.request("POST", "/_mock/webhooks", json_body={"url": "http://127.0.0.1:9/x"}).json()
    ping = server.events.trigger("webhook.ping")
    assert (ping.object["webhook_id"], ping.object["url"]) == (made["webhook_id"], "http://127.0.0.1:9/x")


def test_an_unknown_type_is_refused_and_leaves_no_event(server: MockServer) -> None:
    answer = server.request("POST", "/_mock/events/trigger", json_body={"type": "payment.exploded"})
    assert (answer.status, answer.json()["code"]) == (422, "unknown_event_type")
    with pytest.raises(LookupError):
        server.events.trigger("payment.exploded")
    assert server.events.all() == []


def test_wh1_no_event_shows_a_secret(server: MockServer) -> None:
    for event_type in CATALOGUE:
        server.events.trigger(event_type)
    for event in server.events.all():
        assert not SECRETS & set(event.object), event.type
