"""A delivery that fails is seen: in the log, and in the report of a failed test."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from isa_mockserver.testing import MockServer
from isa_mockserver.testing.report import sections
from isa_user.webhooks import WebhookReceiver
from tests.server.webhooks.inbox import Inbox

SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.fixture
def mounted() -> Starlette:
    """As `app.mount(...)` leaves it: the path without its slash is redirected."""
    return Starlette(routes=[Mount("/webhooks/payments", WebhookReceiver(SECRET))])


def _warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/", "404: there is nothing at this path"),
        (
            "/webhooks/payments",
            '307: redirects are not followed; add the app with path="/webhooks/payments/"',
        ),
    ],
)
def test_an_app_that_is_not_where_the_path_says_is_warned_of(
    server: MockServer, mounted: Starlette, caplog: pytest.LogCaptureFixture, path: str, reason: str
) -> None:
    server.webhooks.add(mounted, path=path, secret=SECRET)
    event = server.events.trigger("invoice.paid")
    (endpoint,) = server.webhooks.all()
    said = f"webhook invoice.paid to in-process:Starlette{path}: {reason}; again in 5 s"
    assert _warnings(caplog) == [f"{said} ({event.id}:{endpoint.id})"]


def test_with_the_slash_it_arrives_and_nothing_is_warned_of(
    server: MockServer, mounted: Starlette, caplog: pytest.LogCaptureFixture
) -> None:
    server.webhooks.add(mounted, path="/webhooks/payments/", secret=SECRET, adversary=["wrong_signature"])
    event = server.events.trigger("invoice.paid")
    assert [each.state for each in server.webhooks.deliveries(event)] == ["delivered"]
    assert [each for each in _warnings(caplog) if each.startswith("webhook ")] == []


def test_another_secret_is_suspected_where_the_receiver_refuses(
    server: MockServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.webhooks.add(Starlette(routes=[Mount("/", WebhookReceiver(SECRET))]))
    server.events.trigger("invoice.paid")
    assert any("400: the receiver refused it; is the secret the same?" in each for each in _warnings(caplog))


def test_a_receiver_s_own_secret_signs_what_it_gets(server: MockServer) -> None:
    receiver = WebhookReceiver([SECRET, "whsec_ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7"])
    assert server.webhooks.add(receiver) == SECRET
    event = server.events.trigger("invoice.paid")
    assert [each.state for each in server.webhooks.deliveries(event)] == ["delivered"]


def _raising(_: Any) -> None:
    raise ValueError("out of\nstock")


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (Inbox(410), "410: the receiver wants no more; the endpoint is disabled: 410 Gone; "),
        (Inbox(503, headers={"retry-after": "7200"}), "503; again in 2 h "),
        (_raising, "500: ValueError: out of\\nstock; again in 5 s "),
    ],
)
def test_the_log_says_what_is_done_about_it(
    server: MockServer, caplog: pytest.LogCaptureFixture, target: Callable[..., Any], words: str
) -> None:
    server.webhooks.add(target)
    server.events.trigger("invoice.paid")
    assert any(words in each for each in _warnings(caplog))


def test_after_the_last_attempt_the_log_says_so(server: MockServer, caplog: pytest.LogCaptureFixture) -> None:
    """WH-7: ten attempts."""
    server.webhooks.add(Inbox(then=500))
    server.events.trigger("invoice.paid")
    server.clock.advance(days=4)
    said = _warnings(caplog)
    assert len(said) == 10
    assert "it is not tried again" in said[-1]
    assert not any("it is not tried again" in each for each in said[:-1])


def test_a_url_s_query_is_not_logged(server: MockServer, caplog: pytest.LogCaptureFixture) -> None:
    server.webhooks.add("http://127.0.0.1:9/hooks?key=canary")
    server.events.trigger("invoice.paid")
    assert any("http://127.0.0.1:9/hooks: ConnectError" in each for each in _warnings(caplog))
    assert "canary" not in caplog.text + repr(list(sections(server)))


def test_the_report_of_a_failed_test_shows_what_did_not_arrive(
    server: MockServer, mounted: Starlette
) -> None:
    good = Inbox()
    server.webhooks.add(good)
    server.webhooks.add(mounted, path="/webhooks/payments", secret=SECRET)
    server.events.trigger("invoice.paid")
    server.clock.advance(seconds=5)
    shown = dict(sections(server))
    assert shown["isa webhooks that did not arrive"] == (
        "     1  invoice.paid to in-process:Starlette/webhooks/payments -> 307: redirects are not followed; "
        'add the app with path="/webhooks/payments/" (2 attempts)'
    )


def test_the_report_has_no_such_section_where_all_arrived(server: MockServer) -> None:
    server.webhooks.add(Inbox())
    server.events.trigger("invoice.paid")
    assert [title for title, _ in sections(server) if "webhooks" in title] == []


def test_a_path_without_a_slash_is_refused_at_once(server: MockServer, mounted: Starlette) -> None:
    with pytest.raises(ValueError, match="begin it with a slash"):
        server.webhooks.add(mounted, path="webhooks/payments")
