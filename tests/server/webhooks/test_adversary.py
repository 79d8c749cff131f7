"""Tricks on a receiver: what is well written handles every event once, what is not is found out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from isa_mockserver.testing import MockServer
from isa_mockserver.webhooks.adversary import TRICKS
from isa_user import SyncWalletClient
from isa_user.errors import WebhookVerificationError
from isa_user.webhooks import Webhook, WebhookReceiver
from tests.server.webhooks.inbox import Got, Inbox

SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


def test_the_tricks_are_these() -> None:
    assert set(TRICKS) == {
        "duplicate",
        "shuffle",
        "late",
        "stale_timestamp",
        "wrong_signature",
        "truncated",
    }


def test_the_guide_names_every_trick_and_says_what_it_does() -> None:
    guide = (Path(__file__).resolve().parents[3] / "docs" / "webhooks.md").read_text(encoding="utf-8")
    for trick, words in TRICKS.items():
        assert f"| `{trick}` | {words} |" in guide


def deposit(server: MockServer) -> None:
    """Three events in one commit."""
    client = server.client(SyncWalletClient)
    client.deposit(amount=5000, currency="usd", payment_method_id="pm_card_visa")


def refusal(got: Got, **kwargs: Any) -> str | None:
    try:
        Webhook(SECRET, **kwargs).verify(got.body, got.headers)
    except WebhookVerificationError as error:
        return error.code
    return None


def test_duplicate_sends_the_same_event_twice(server: MockServer) -> None:
    inbox = Inbox()
    server.webhooks.add(inbox, secret=SECRET, adversary=["duplicate"])
    event = server.events.trigger("invoice.paid")
    first, second = inbox.got
    assert first.id == second.id == event.id
    assert first.body == second.body
    assert [refusal(got) for got in inbox.got] == [None, None]
    attempts = server.webhooks.deliveries(event)[0].attempts
    assert [attempt.trick for attempt in attempts] == [None, "duplicate"]


def test_shuffle_changes_the_order_within_one_moment_and_loses_nothing(server: MockServer) -> None:
    inbox = Inbox()
    server.webhooks.add(inbox, adversary=["shuffle"])
    for _ in range(5):
        deposit(server)
    groups = [inbox.sequences[start : start + 3] for start in range(0, 15, 3)]
    for number, group in enumerate(groups):
        in_order = [number * 3 + 1, number * 3 + 2, number * 3 + 3]
        assert sorted(group) == in_order
        assert group != in_order


def test_late_holds_every_event_back_for_ten_minutes(server: MockServer) -> None:
    inbox = Inbox()
    server.webhooks.add(inbox, secret=SECRET, adversary=["late"])
    server.events.trigger("invoice.paid")
    server.clock.advance(seconds=599)
    assert inbox.got == []
    server.clock.advance(seconds=1)
    (got,) = inbox.got
    assert refusal(got) is None


@pytest.mark.parametrize(
    ("trick", "code"),
    [
        ("stale_timestamp", "timestamp_too_old"),
        ("wrong_signature", "no_matching_signature"),
        ("truncated", "no_matching_signature"),
    ],
)
def test_a_false_request_comes_first_and_the_rightful_one_after_it(
    server: MockServer, trick: str, code: str
) -> None:
    inbox = Inbox()
    server.webhooks.add(inbox, secret=SECRET, adversary=[trick])
    event = server.events.trigger("invoice.paid")
    false, rightful = inbox.got
    assert (refusal(false), refusal(rightful)) == (code, None)
    assert false.id == rightful.id
    assert [attempt.trick for attempt in server.webhooks.deliveries(event)[0].attempts] == [trick, None]


def test_a_stale_request_is_signed_rightly_for_its_time(server: MockServer) -> None:
    inbox = Inbox()
    server.webhooks.add(inbox, secret=SECRET, adversary=["stale_timestamp"])
    server.events.trigger("invoice.paid")
    stale = inbox.got[0]
    assert inbox.got[1].timestamp - stale.timestamp == 600
    assert refusal(stale, now=lambda: stale.timestamp) is None


def test_a_truncated_body_is_no_json(server: MockServer) -> None:
    inbox = Inbox()
    server.webhooks.add(inbox, adversary=["truncated"])
    server.events.trigger("invoice.paid")
    with pytest.raises(json.JSONDecodeError):
        json.loads(inbox.got[0].body)


@pytest.mark.parametrize("accepts", [True, False])
def test_only_the_rightful_request_decides(server: MockServer, accepts: bool) -> None:
    """Accepting a false one delivers nothing, and refusing the double takes nothing back."""
    script = [204, 500] if accepts else [400, 204]
    server.webhooks.add(Inbox(*script), adversary=["wrong_signature"])
    server.webhooks.add(Inbox(204, 500), adversary=["duplicate"])
    event = server.events.trigger("invoice.paid")
    forged, doubled = server.webhooks.deliveries(event)
    assert forged.state == ("pending" if accepts else "delivered")
    assert doubled.state == "delivered"


def test_a_receiver_that_is_well_written_handles_each_event_once_whatever_is_played_on_it(
    server: MockServer,
) -> None:
    receiver, handled = WebhookReceiver(SECRET), list[str]()
    receiver.on("*")(lambda event: handled.append(event.id))
    server.webhooks.add(receiver, secret=SECRET, adversary=list(TRICKS))
    for _ in range(3):
        deposit(server)
    server.clock.advance(days=1)
    assert sorted(handled) == sorted(event.id for event in server.events.all())
    attempts = [each for delivery in server.webhooks.deliveries() for each in delivery.attempts]
    false = [each for each in attempts if each.trick not in (None, "duplicate")]
    assert len(false) == 3 * 9
    assert {each.status for each in false} == {400}


def test_a_receiver_that_believes_everything_is_found_out(server: MockServer) -> None:
    handled: list[str] = []

    async def believer(scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        handled.append(json.loads(message["body"])["id"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    server.webhooks.add(believer, adversary=["wrong_signature", "duplicate"])
    event = server.events.trigger("invoice.paid")
    assert handled == [event.id] * 3
    attempts = server.webhooks.deliveries(event)[0].attempts
    assert [(each.trick, each.status) for each in attempts] == [
        ("wrong_signature", 200),
        (None, 200),
        ("duplicate", 200),
    ]
