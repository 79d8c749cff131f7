"""Every type of the catalogue has a class with a typed object; all else is kept (rules WH-1 to WH-3)."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import Any, get_args

import pytest

import isa_user
from isa_mockserver.kernel.events import CATALOGUE
from isa_user import models, webhooks
from isa_user.webhooks import (
    Event,
    EventType,
    InvoicePaid,
    KnownEvent,
    PaymentSucceeded,
    RefundUpdated,
    SubscriptionCreated,
    SubscriptionUpdated,
    UnknownEvent,
)
from tests.contract.page import read_page
from tests.sdk_webhooks.deliveries import PAYMENT, as_bytes, envelope, headers_for, webhook
from tests.sdk_webhooks.resources import REFUND, SUBSCRIPTION, carried_by

TYPES = sorted(CATALOGUE)


def class_name(event_type: str) -> str:
    return "".join(word.title() for word in event_type.replace(".", "_").split("_"))


def receive(payload: Any) -> Event:
    body = as_bytes(payload)
    return webhook().verify(body, headers_for(body))


def test_there_is_a_class_for_each_type_of_the_catalogue_and_no_other() -> None:
    classes = {cls.__name__ for cls in get_args(KnownEvent)}
    assert classes == {class_name(event_type) for event_type in CATALOGUE}
    assert set(get_args(Event)) == {*get_args(KnownEvent), UnknownEvent}
    assert set(get_args(EventType)) == {*CATALOGUE, "*"}


@pytest.mark.parametrize("event_type", TYPES)
def test_an_event_of_the_catalogue_is_of_its_class_and_carries_its_resource(event_type: str) -> None:
    model, resource = carried_by(event_type)
    event = receive(envelope(event_type, resource))
    assert type(event).__name__ == class_name(event_type)
    assert type(event) is getattr(webhooks, class_name(event_type))
    assert not isinstance(event, UnknownEvent)
    assert event.data.object == model.model_validate(resource)
    assert (event.id, event.type, event.sequence) == ("evt_1", event_type, 7)
    assert event.timestamp.isoformat() == "2024-01-28T10:00:00+00:00"


@pytest.mark.parametrize("event_type", TYPES)
def test_sdk_and_server_name_the_same_resource_for_an_event(event_type: str) -> None:
    assert carried_by(event_type)[0].__name__ == CATALOGUE[event_type].resource


@pytest.mark.parametrize("event_type", read_page().event_types)
def test_each_event_type_of_the_page_is_typed(event_type: str) -> None:
    """Heading "Event Types"."""
    assert type(receive(envelope(event_type, carried_by(event_type)[1]))) is not UnknownEvent


def test_the_page_s_subscription_is_what_a_subscription_event_carries() -> None:
    event = receive(envelope("subscription.created", read_page().sample("Get Subscription")))
    assert isinstance(event, SubscriptionCreated)
    assert event.data.object.plan.price == 2999


@pytest.mark.parametrize("event_type", [name for name in TYPES if name.endswith(".updated")])
def test_an_update_shows_what_the_changed_fields_were_before(event_type: str) -> None:
    event = receive(envelope(event_type, carried_by(event_type)[1], previous={"status": "pending"}))
    assert isinstance(event, webhooks.InvoiceUpdated | RefundUpdated | SubscriptionUpdated)
    assert event.data.previous == {"status": "pending"}


def test_an_update_without_a_list_of_changes_is_still_typed() -> None:
    event = receive(envelope("refund.updated", REFUND))
    assert isinstance(event, RefundUpdated)
    assert event.data.previous == {}


def test_a_type_that_is_newer_than_this_version_is_an_unknown_event_with_all_its_data() -> None:
    event = receive(envelope("payment.disputed", PAYMENT, extra={"a": 1}))
    assert isinstance(event, UnknownEvent)
    assert (event.type, event.sequence, event.problems) == ("payment.disputed", 7, ())
    assert event.data == {"object": dict(PAYMENT)}
    assert event.model_extra == {"extra": {"a": 1}}


def test_new_fields_and_new_enum_values_of_a_known_type_are_kept() -> None:
    resource = {**SUBSCRIPTION, "status": "hibernating", "mood": "calm"}
    event = receive(envelope("subscription.updated", resource, region="eu"))
    assert isinstance(event, SubscriptionUpdated)
    assert event.data.object.status == "hibernating"
    assert event.data.object.model_extra == {"mood": "calm"}
    assert event.model_extra == {"region": "eu"}


@pytest.mark.parametrize("amount", [29.99, 2999.0, "2999", True, None])
def test_m_1_an_amount_that_is_no_integer_is_never_shown_as_a_payment(
    amount: object, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "isa_user"):
        event = receive(envelope("payment.succeeded", {**PAYMENT, "amount": amount}))
    assert isinstance(event, UnknownEvent)
    assert [(problem.param, problem.code) for problem in event.problems] == [
        ("data.object.amount", "int_type")
    ]
    assert event.data["object"]["amount"] == amount
    assert "data.object.amount" in caplog.text
    assert "29.99" not in caplog.text


def test_an_event_without_an_id_of_its_own_takes_the_delivery_s() -> None:
    payload = envelope("invoice.paid", carried_by("invoice.paid")[1])
    del payload["id"]
    event = receive(payload)
    assert isinstance(event, InvoicePaid)
    assert event.id == "msg_1"


def test_only_type_and_time_are_needed_around_the_object() -> None:
    payload = {"type": "payment.succeeded", "timestamp": "2024-01-28T10:00:00Z", "data": {"object": PAYMENT}}
    event = receive(payload)
    assert isinstance(event, PaymentSucceeded)
    assert (event.sequence, event.api_version) == (None, None)


def test_events_are_frozen_and_their_repr_shows_no_secret() -> None:
    event = receive(envelope("payment.succeeded", {**PAYMENT, "client_secret": "pi_abc123_secret_CANARY"}))
    assert "CANARY" not in repr(event)
    with pytest.raises(ValueError, match="frozen"):
        event.id = "evt_2"


def test_events_of_equal_content_are_equal() -> None:
    payload = envelope("refund.created", REFUND)
    assert receive(payload) == receive(payload)
    assert receive(payload) != receive({**payload, "sequence": 8})


def test_webhooks_load_no_http_client() -> None:
    code = "import sys, isa_user.webhooks; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_root_gives_each_event_class_and_loads_webhooks_only_then() -> None:
    for name in [*map(class_name, TYPES), "Event", "UnknownEvent", "Webhook", "WebhookReceiver"]:
        assert getattr(isa_user, name) is getattr(webhooks, name)
        assert name in isa_user.__all__
    code = "import sys, isa_user; sys.exit('isa_user.webhooks' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_public_name_is_there_and_documented() -> None:
    for name in webhooks.__all__:
        assert getattr(webhooks, name) is not None
    for cls in get_args(KnownEvent):
        assert cls.__doc__
        assert issubclass(cls, models.Model)
