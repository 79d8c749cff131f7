"""A server that answers before all of it is loaded: nobody can tell by its answers."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from isa_mockserver.app import build
from isa_mockserver.fixtures import FixtureError
from isa_mockserver.serve.opening import Opening
from isa_mockserver.serve.options import ServeOptions
from isa_mockserver.serve.settings import settings_of
from isa_mockserver.web.app import App
from isa_mockserver.web.wire import Answer, Request

PLAIN = ServeOptions(id_seed=7, clock=datetime(2030, 1, 1, tzinfo=UTC))
SERVICES = ("payments", "wallets", "billing", "subscriptions", "credits")
TOKEN = {"authorization": "Bearer user_456"}
_INTENT = b'{"amount": 2999, "currency": "usd"}'


def request(
    method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = b""
) -> Request:
    named = headers or {}
    raw = [(name.encode(), value.encode()) for name, value in named.items()]
    return Request(method, path, "", named, {}, body, raw)


ASKED = (
    request("GET", "/health"),
    request("GET", "/health", {"x-request-id": "mine"}),
    request("GET", "/health", {"origin": "https://shop.example"}),
    request("HEAD", "/health"),
    request("POST", "/health"),
    request("GET", "/nowhere"),
    request("POST", "/api/v1/payments/intent", {**TOKEN, "content-type": "application/json"}, _INTENT),
    request("POST", "/api/v1/payments/intent", {"content-type": "application/json"}, _INTENT),
    request("GET", "/health"),
)


def answers(app: App) -> list[Answer]:
    return [app.answer(each) for each in ASKED]


@pytest.mark.parametrize("service", [*SERVICES, "gateway"])
def test_every_answer_is_the_one_of_a_server_that_was_loaded_at_once(service: str) -> None:
    """Request ids, which are counted, included: what was asked early counts."""
    early, loaded = Opening(PLAIN), build(settings_of(PLAIN))
    of_both = [
        answers(each.gateway if service == "gateway" else each.services[service]) for each in (early, loaded)
    ]
    assert of_both[0] == of_both[1]
    assert [answer.status for answer in of_both[0]][:5] == [200, 200, 200, 405, 405]


def test_time_that_passes_is_told_by_the_health_too() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    told = json.loads(Opening(ServeOptions()).gateway.answer(request("GET", "/health")).body)["timestamp"]
    assert before <= datetime.fromisoformat(told) <= datetime.now(UTC)


def test_the_health_of_all_ports_loads_no_schema() -> None:
    code = """
import sys
from isa_mockserver.serve.opening import Opening
from isa_mockserver.serve.options import ServeOptions
from isa_mockserver.serve.start import start
from isa_mockserver.web.wire import Request

opening = Opening(ServeOptions())
for app in (*opening.services.values(), opening.gateway):
    assert app.answer(Request("GET", "/health", "", {}, {}, b"")).status == 200
print([name for name in ("pydantic", "pydantic_core", "starlette", "httpx") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_warming_up_loads_everything_and_then_the_real_apps_answer_alone() -> None:
    opening = Opening(PLAIN)
    asyncio.run(opening.warm_up())
    built = opening.load()
    assert opening.gateway.answer is built.gateway.answer
    assert all(opening.services[name].answer is built.services[name].answer for name in SERVICES)


def test_a_call_in_the_middle_of_warming_up_gets_its_answer_and_warming_up_goes_on() -> None:
    async def scene() -> Answer:
        opening = Opening(PLAIN)
        warming = asyncio.create_task(opening.warm_up())
        await asyncio.sleep(0)
        called = opening.services["payments"].answer(ASKED[6])
        await warming
        again = opening.services["payments"].answer(ASKED[6])
        assert json.loads(again.body)["payment_intent_id"] != json.loads(called.body)["payment_intent_id"]
        return called

    assert asyncio.run(scene()).status == 201


def test_what_cannot_be_loaded_fails_for_each_who_needs_it_and_for_the_warming_up() -> None:
    """So the server ends with the reason, and does not go on answering that it is healthy."""
    opening = Opening(replace(PLAIN, seed="no such"))
    for _ in range(2):
        with pytest.raises(FixtureError):
            opening.load()
    with pytest.raises(FixtureError):
        asyncio.run(opening.warm_up())


@pytest.mark.parametrize(
    "chosen",
    [
        {"seed": Path("shop.yaml")},
        {"data": Path("state.db")},
        {"auth": "verify"},
        {"webhooks": ("http://localhost:9000/hook",)},
        {"webhook_secret": "whsec_"},
        {"allow_hosts": ("pay.internal",)},
        {"host": "0.0.0.0"},
    ],
)
def test_what_may_turn_out_to_be_impossible_is_tried_before_the_ports_answer(
    chosen: dict[str, object],
) -> None:
    assert ServeOptions().is_plain
    assert not replace(ServeOptions(), **chosen).is_plain  # type: ignore[arg-type]


def test_a_server_whose_services_cannot_be_loaded_ends_and_says_why() -> None:
    code = """
from isa_mockserver.serve import opening
from isa_mockserver.serve.options import ServeOptions
from isa_mockserver.serve.ports import DOCUMENTED
from isa_mockserver.serve.start import start

opening._MODULES = ("isa_mockserver.is_not_there",)
start(ServeOptions(ports=dict.fromkeys(DOCUMENTED, 0)), print_ports=True)
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert "No module named 'isa_mockserver.is_not_there'" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_is_stopped_before_it_is_loaded_ends_quietly(number: signal.Signals) -> None:
    ports = [f"--port={name}=0" for name in (*SERVICES, "gateway")]
    command = [sys.executable, "-m", "isa_mockserver", "serve", "--print-ports", *ports]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("{")
        process.send_signal(number)
        _, log = process.communicate(timeout=30)
    assert (process.returncode, log) == (0, "")
