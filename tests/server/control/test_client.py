"""MockControl and SyncMockControl: every control call, typed, in both colours; and how they fail."""

from __future__ import annotations

import http.server
import pickle
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import trio

from isa_mockserver.slices import control_calls
from isa_mockserver.testing import (
    ControlError,
    ControlRefusedError,
    ControlUnreachableError,
    MockControl,
    MockServer,
    SyncMockControl,
)
from isa_mockserver.testing.control.calls import CALLS
from isa_mockserver.web.control import ROUTES

from .cases import CASES, START, Case
from .conftest import COLOURS, Ask, asker

MOUNTED = {route.operation: (route.method, route.path) for route in (*ROUTES, *control_calls())}
NOWHERE = "http://127.0.0.1:1"


def test_the_calls_are_those_that_the_server_mounts() -> None:
    assert {name: tuple(call) for name, call in CALLS.items()} == {**MOUNTED, "health": ("GET", "/health")}


@pytest.mark.parametrize("name", CALLS)
def test_every_call_is_a_method_in_both_colours(name: str) -> None:
    for client in COLOURS.values():
        assert getattr(client, name).__doc__, f"{client.__name__}.{name}"


def test_every_call_has_a_case() -> None:
    assert set(CASES) == set(CALLS)


@pytest.mark.parametrize("case", dict.fromkeys(CASES.values()), ids=lambda case: case.__name__.strip("_"))
def test_the_call_does_what_it_says(case: Case, ask: Ask, server: MockServer) -> None:
    case(ask, server)


def test_a_client_with_a_sandbox_talks_to_it_alone(colour: Any, url: str, server: MockServer) -> None:
    asker(colour(url, sandbox="red"))("make_user", "alice")
    assert [user.user_id for user in asker(colour(url))("list_users")] == ["user_456", "user_789"]
    assert server.sandbox("red").name in [each.name for each in asker(colour(url))("list_sandboxes")]


def test_a_token_is_sent_where_it_is_given(colour: Any, url: str, server: MockServer) -> None:
    """A token's claim names the sandbox, so that a header which disagrees is refused."""
    token = server.sandbox("blue").token("root", roles=["admin"])
    with pytest.raises(ControlRefusedError, match="permission_denied"):
        asker(colour(url, token=token, sandbox="red"))("get_clock")


def test_it_runs_on_trio(url: str, server: MockServer) -> None:
    async def look() -> Any:
        return await MockControl(url).get_clock()

    assert trio.run(look).now == START


def test_names_in_paths_are_escaped(ask: Ask, server: MockServer) -> None:
    with pytest.raises(ControlRefusedError, match="invalid_value"):
        ask("take_snapshot", "then?now")


def test_a_refusal_has_code_detail_and_request_id(ask: Ask, server: MockServer) -> None:
    with pytest.raises(ControlRefusedError) as caught:
        ask("move_clock", to="2020-01-01T00:00:00Z")
    error = caught.value
    assert (error.status, error.code) == (422, "clock_backwards")
    assert error.detail == "The clock stands at 2024-01-28T10:00:00Z and only moves forward."
    assert error.request_id is not None
    assert error.request_id in str(error)
    assert error.detail in str(error)
    again = pickle.loads(pickle.dumps(error))
    assert (again.code, again.request_id, str(again)) == (error.code, error.request_id, str(error))


def test_a_refusal_names_every_field_that_is_wrong(ask: Ask, server: MockServer) -> None:
    with pytest.raises(ControlRefusedError) as caught:
        ask("call", "give_credits", body={"source": "nothing"})
    assert [each["param"] for each in caught.value.errors] == ["user", "amount", "source"]


def test_nobody_at_the_address_is_one_sentence_with_it(colour: Any) -> None:
    with pytest.raises(ControlUnreachableError) as caught:
        asker(colour(NOWHERE))("reset")
    assert str(caught.value) == (
        f"No server answers at {NOWHERE}; start one with `isa-mockserver`, or give the address of "
        "its gateway."
    )
    assert caught.value.url == NOWHERE


@pytest.mark.parametrize("url", ["nonsense", "ftp://localhost", "http://["])
def test_an_address_that_is_none_is_one_sentence_with_it(colour: Any, url: str) -> None:
    with pytest.raises(ControlError) as caught:
        asker(colour(url))("reset")
    assert url in str(caught.value)


def test_a_server_that_never_answers_is_given_up(colour: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ControlError, match=f"{url} did not answer"):
            asker(colour(url, timeout_s=0.1))("reset")


class _Other(http.server.BaseHTTPRequestHandler):
    """Another program: it answers as the path's first segments of the URL say."""

    def do_GET(self) -> None:
        status, _, body = self.path.removeprefix("/").partition("/")
        self.send_response(int(status))
        self.end_headers()
        self.wfile.write(body.partition("/")[0].encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Quiet."""


@pytest.fixture(scope="module")
def other() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Other) as another:
        thread = threading.Thread(target=another.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{another.server_address[1]}"
        another.shutdown()
        thread.join()


@pytest.mark.parametrize("answer", ["200/text", "200/{}", "200/[]", "404/text", "404/{}", "500/[1]", "302/x"])
def test_another_program_at_the_address_is_told_apart(colour: Any, other: str, answer: str) -> None:
    url = f"{other}/{answer}"
    with pytest.raises(ControlError) as caught:
        asker(colour(url))("get_clock")
    assert str(caught.value) == f"{url} answered, but not as an isa-mockserver does."


def test_what_a_newer_server_adds_does_not_disturb(server: MockServer, url: str) -> None:
    """`get_clock` reads what `move_clock` would answer: a field more."""
    control = SyncMockControl(url)
    moved = control.call("move_clock", body={"advance": 1})
    assert "ran" in moved
    assert control._caller.read(type(control.get_clock()), moved) == control.get_clock()
