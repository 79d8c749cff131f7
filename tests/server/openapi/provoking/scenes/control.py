"""The control API where things are there already, or are not."""

from __future__ import annotations

from .stage import CHALLENGED, Stage


def made_twice(stage: Stage) -> None:
    for _ in "12":
        stage.do("POST", "/_mock/users", {"user_id": "user_1"})
        stage.do("POST", "/_mock/sandboxes", {"name": "red"})
        stage.do("POST", "/_mock/snapshots/now")
        stage.do("POST", "/_mock/snapshots/now/fork", {"sandbox": "red"})


def state_that_was_saved_is_loaded(stage: Stage) -> None:
    saved = stage.do("GET", "/_mock/state").body
    stage.do("PUT", "/_mock/state", saved)


def nobody_is_frozen_or_passes(stage: Stage) -> None:
    stage.do("POST", "/_mock/wallets/nobody/freeze", {})
    waiting = stage.intent(payment_method_id=CHALLENGED, confirm=True).replace("/api/v1/payments/intent", "")
    for _ in "12":
        stage.do("POST", f"/_mock/intents{waiting}/authenticate", {"outcome": "success"})


def events_of_no_type_and_to_nobody(stage: Stage) -> None:
    event = stage.post("/_mock/events/trigger", {"type": "payment.succeeded"})["id"]
    stage.do("POST", f"/_mock/events/{event}/redeliver", {"webhook_id": "we_unknown"})
    stage.do("POST", f"/_mock/events/{event}/redeliver", {})
    stage.do("POST", "/_mock/webhooks", {"url": "http://localhost:9/hook", "events": ["no.such.type"]})


def time_runs_forward_in_bounded_steps(stage: Stage) -> None:
    stage.do("POST", "/_mock/clock", {"to": "2004-01-01T00:00:00Z"})
    stage.do("POST", "/_mock/clock", {"advance": "P9999D"})
