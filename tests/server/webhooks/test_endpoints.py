"""`/_mock/webhooks`: who gets which events (rules WH-10, WH-11)."""

from __future__ import annotations

from typing import Any

import pytest

from isa_mockserver.testing import MockServer
from isa_mockserver.webhooks.signing import key_of, signature
from tests.server.webhooks.inbox import Inbox

URL = "http://127.0.0.1:9/hook"


def add(server: MockServer, **body: Any) -> Any:
    answer = server.request("POST", "/_mock/webhooks", json_body={"url": URL, **body})
    assert answer.status == 201, answer.body
    return answer.json()


def refused(server: MockServer, body: Any) -> tuple[int, str, str]:
    answer = server.request("POST", "/_mock/webhooks", json_body=body)
    problem = answer.json()
    return answer.status, problem["code"], problem.get("param", "")


def listed(server: MockServer, *, secrets: bool = False) -> Any:
    query = "?secrets=true" if secrets else ""
    return server.request("GET", f"/_mock/webhooks{query}").json()["data"]


def test_wh10_an_endpoint_takes_every_type_unless_it_names_some(server: MockServer) -> None:
    made = add(server)
    assert made["webhook_id"].startswith("wh_")
    assert (made["url"], made["events"], made["enabled"]) == (URL, ["*"], True)
    some = add(server, events=["invoice.paid", "refund.created", "invoice.paid"], description="mine")
    assert (some["events"], some["description"]) == (["invoice.paid", "refund.created"], "mine")


def test_wh10_only_the_types_that_it_names_are_sent(server: MockServer) -> None:
    inbox = Inbox()
    server.webhooks.add(inbox, events=["invoice.paid"])
    for event_type in ("invoice.created", "invoice.paid", "webhook.ping"):
        server.events.trigger(event_type)
    assert inbox.types == ["invoice.paid"]


def test_wh10_what_happened_before_is_not_sent(server: MockServer) -> None:
    server.events.trigger("invoice.created")
    inbox = Inbox()
    server.webhooks.add(inbox)
    server.events.trigger("invoice.paid")
    assert inbox.types == ["invoice.paid"]


def test_wh10_the_secret_is_shown_at_creation_and_where_it_is_asked_for(server: MockServer) -> None:
    made = add(server)
    assert len(key_of(made["secret"])) == 32
    assert "secret" not in listed(server)[0]
    assert listed(server, secrets=True)[0]["secret"] == made["secret"]
    one = f"/_mock/webhooks/{made['webhook_id']}"
    assert "secret" not in server.request("GET", one).json()
    assert server.request("GET", f"{one}?secrets=true").json()["secret"] == made["secret"]


def test_a_secret_can_be_brought_along(server: MockServer) -> None:
    secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    assert add(server, secret=secret)["secret"] == secret
    assert refused(server, {"url": URL, "secret": "hunter2"}) == (422, "invalid_value", "secret")


def test_ids_and_secrets_repeat_where_the_seed_is_given() -> None:
    """Decision 8: MockServer gives it."""
    first, second, other = (add(MockServer(id_seed=seed)) for seed in (5, 5, 6))
    assert (first["webhook_id"], first["secret"]) == (second["webhook_id"], second["secret"])
    assert first["secret"] != other["secret"]
    server = MockServer()
    assert add(server)["secret"] != add(server)["secret"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "not a url",
        "ftp://example.com/x",
        "file:///etc/passwd",
        "//example.com/x",
        "http://",
        "http:///path",
        "http://user:pass@example.com/",
        "http://user@example.com/",
        "http://example.com:0/",
        "http://example.com:99999/",
        "http://example.com:abc/",
        "http://[::1/",
        "http://exa mple.com/",
        "http://example.com/\n",
        "http://exämple.com/",
        "in-process:receiver",
        "http://example.com/" + "x" * 2048,
    ],
)
def test_wh10_an_address_that_cannot_be_is_refused(server: MockServer, url: str) -> None:
    assert refused(server, {"url": url}) == (422, "invalid_value", "url")
    assert listed(server) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:9000/x?token=1#part",
        "https://example.com",
        "http://[::1]:9/x",
        "HTTP://EXAMPLE.COM/",
    ],
)
def test_wh10_http_and_https_addresses_are_taken(server: MockServer, url: str) -> None:
    assert add(server, url=url)["url"] == url
    longest = "http://example.com/" + "x" * (2048 - len("http://example.com/"))
    assert add(server, url=longest)["url"] == longest


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("events", ["payment.exploded"], "unknown_event_type"),
        ("events", ["*", "nope"], "unknown_event_type"),
        ("events", [], "invalid_value"),
        ("events", "*", "invalid_type"),
        ("adversary", ["lazy"], "invalid_value"),
        ("description", "x" * 501, "too_long"),
        ("typo", 1, "unknown_field"),
    ],
)
def test_wh10_what_does_not_fit_is_refused_and_adds_nothing(
    server: MockServer, field: str, value: Any, code: str
) -> None:
    status, found, param = refused(server, {"url": URL, field: value})
    assert (status, found) == (422, code)
    assert param.startswith(field)
    assert listed(server) == []


def test_wh10_there_are_sixteen_at_most(server: MockServer) -> None:
    made = [add(server)["webhook_id"] for _ in range(16)]
    assert refused(server, {"url": URL})[:2] == (422, "invalid_value")
    assert server.request("DELETE", f"/_mock/webhooks/{made[3]}").status == 204
    add(server)
    assert [each["webhook_id"] for each in listed(server)][:4] == [*made[:3], made[4]]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/_mock/webhooks/wh_none"),
        ("DELETE", "/_mock/webhooks/wh_none"),
        ("PATCH", "/_mock/webhooks/wh_none"),
        ("POST", "/_mock/webhooks/wh_none/rotate"),
    ],
)
def test_an_unknown_endpoint_is_404(server: MockServer, method: str, path: str) -> None:
    body = {"enabled": True} if method == "PATCH" else None
    answer = server.request(method, path, json_body=body)
    assert (answer.status, answer.json()["code"]) == (404, "webhook_endpoint_not_found")


def test_a_removed_endpoint_gets_nothing_more_and_its_record_stays(server: MockServer) -> None:
    inbox = Inbox(500)
    server.webhooks.add(inbox)
    event = server.events.trigger("invoice.paid")
    server.webhooks.remove(server.webhooks.all()[0].id)
    server.clock.advance(days=1)
    server.events.trigger("invoice.created")
    assert inbox.types == ["invoice.paid"]
    (delivery,) = server.webhooks.deliveries(event)
    assert (delivery.state, len(delivery.attempts)) == ("failed", 1)


def test_an_endpoint_that_is_off_gets_nothing_and_goes_on_with_the_next_event(server: MockServer) -> None:
    inbox = Inbox(500)
    server.webhooks.add(inbox)
    webhook_id = server.webhooks.all()[0].id
    waiting = server.events.trigger("payment.created")
    off = server.request("PATCH", f"/_mock/webhooks/{webhook_id}", json_body={"enabled": False}).json()
    assert (off["enabled"], off["disabled_reason"]) == (False, "turned off")
    missed = server.events.trigger("payment.failed")
    server.clock.advance(days=1)
    on = server.request("PATCH", f"/_mock/webhooks/{webhook_id}", json_body={"enabled": True}).json()
    assert (on["enabled"], on["disabled_reason"]) == (True, None)
    server.events.trigger("invoice.paid")
    assert inbox.types == ["payment.created", "invoice.paid"]
    assert server.webhooks.deliveries(missed) == []
    assert server.webhooks.deliveries(waiting)[0].state == "failed"
    server.webhooks.redeliver(missed)
    assert inbox.types[-1] == "payment.failed"


def signed_by(inbox: Inbox, secrets: list[str]) -> list[bool]:
    """Which of the secrets signed the last delivery, and nothing else did."""
    got = inbox.got[-1]
    expected = [signature(key_of(secret), got.id, got.timestamp, got.body) for secret in secrets]
    found = got.headers["webhook-signature"].split(" ")
    assert set(found) <= set(expected)
    return [each in found for each in expected]


def test_wh11_after_a_rotation_both_secrets_sign_for_24_hours(server: MockServer) -> None:
    inbox = Inbox()
    old = server.webhooks.add(inbox)
    webhook_id = server.webhooks.all()[0].id
    turned = server.request("POST", f"/_mock/webhooks/{webhook_id}/rotate").json()
    new = turned["secret"]
    assert new != old
    assert (turned["old_secret"], turned["old_secret_until"]) == (old, "2024-01-29T10:00:00Z")
    server.events.trigger("webhook.ping")
    assert signed_by(inbox, [new, old]) == [True, True]
    server.clock.advance(hours=23, minutes=59, seconds=59)
    server.events.trigger("webhook.ping")
    assert signed_by(inbox, [new, old]) == [True, True]
    server.clock.advance(seconds=1)
    server.events.trigger("webhook.ping")
    assert signed_by(inbox, [new, old]) == [True, False]


def test_wh11_expire_now_drops_the_old_secret_at_once(server: MockServer) -> None:
    inbox = Inbox()
    old = server.webhooks.add(inbox)
    webhook_id = server.webhooks.all()[0].id
    answer = server.request("POST", f"/_mock/webhooks/{webhook_id}/rotate", json_body={"expire_now": True})
    server.events.trigger("webhook.ping")
    assert signed_by(inbox, [answer.json()["secret"], old]) == [True, False]
    assert answer.json()["old_secret"] is None


def test_wh11_of_two_rotations_the_last_two_secrets_sign(server: MockServer) -> None:
    inbox = Inbox()
    first = server.webhooks.add(inbox)
    webhook_id = server.webhooks.all()[0].id
    second, third = server.webhooks.rotate(webhook_id), server.webhooks.rotate(webhook_id)
    server.events.trigger("webhook.ping")
    assert signed_by(inbox, [third, second, first]) == [True, True, False]


def test_wh13_an_endpoint_gets_only_the_events_of_its_own_sandbox(server: MockServer) -> None:
    other = server.sandbox("other")
    here, there = Inbox(), Inbox()
    server.webhooks.add(here)
    other.webhooks.add(there)
    other.events.trigger("invoice.paid")
    server.events.trigger("payment.failed")
    assert (here.types, there.types) == (["payment.failed"], ["invoice.paid"])
    assert [each["webhook_id"] for each in listed(server)] == [server.webhooks.all()[0].id]
