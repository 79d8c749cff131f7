"""HTTP/1.1 over real sockets, byte by byte: order, framing, and when a connection ends."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from isa_mockserver.testing import MockServer
from isa_mockserver.testing.live import LiveServer
from isa_mockserver.web.wire import MAX_BODY_BYTES

PATH = "/api/v1/payments/intent"
BODY = b'{"amount": 2999, "currency": "usd"}'


@pytest.fixture(params=["memory", "file"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MockServer]:
    data = tmp_path / "state.db" if request.param == "file" else None
    with MockServer(data=data) as made:
        yield made


@pytest.fixture
def live(server: MockServer) -> Iterator[LiveServer]:
    with server.serve() as opened:
        yield opened


def post(*headers: str, body: bytes = BODY, length: bool = True) -> bytes:
    """A request to create an intent."""
    lines = [f"POST {PATH} HTTP/1.1", "Host: localhost", "Authorization: Bearer user_1"]
    lines += [
        "Content-Type: application/json",
        *([f"Content-Length: {len(body)}"] if length else []),
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def get(path: str = "/health", *headers: str, method: str = "GET", version: str = "1.1") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/{version}", "Host: localhost", *headers, "", ""]).encode()


def exchange(live: LiveServer, *pieces: bytes) -> bytes:
    """What comes back until the server closes, for pieces that are sent one after the other."""
    with socket.create_connection(("127.0.0.1", live.ports["payments"]), timeout=10) as connection:
        for piece in pieces:
            connection.sendall(piece)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def statuses(answer: bytes) -> list[int]:
    return [int(each[:3]) for each in answer.split(b"HTTP/1.1 ")[1:]]


def test_pipelined_requests_are_answered_in_their_order(server: MockServer, live: LiveServer) -> None:
    answer = exchange(live, post() + get("/nowhere") + get() * 300 + post("Connection: close"))
    assert statuses(answer) == [201, 404, *[200] * 300, 201]
    assert len(server.events.all()) == 2


def test_a_late_answer_holds_up_those_behind_it(server: MockServer, live: LiveServer) -> None:
    server.faults.add("latency", latency_s=0.2, operation="create_intent", times=1)
    answer = exchange(live, post() + get() + post("Connection: close"))
    assert statuses(answer) == [201, 200, 201]


def test_what_follows_a_last_request_is_not_done(server: MockServer, live: LiveServer) -> None:
    assert statuses(exchange(live, post("Connection: close") + post())) == [201]
    assert len(server.events.all()) == 1


def test_http_1_0_is_answered_and_closed(live: LiveServer) -> None:
    answer = exchange(live, get(version="1.0"))
    assert statuses(answer) == [200]
    assert b"\r\nconnection: close\r\n" in answer


def test_an_answer_to_head_has_no_body(live: LiveServer) -> None:
    head, body = exchange(live, get("/nowhere", "Connection: close", method="HEAD")).split(b"\r\n\r\n")
    assert body == b""
    assert int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]) > 0


def test_a_chunked_body_in_pieces_is_read(server: MockServer, live: LiveServer) -> None:
    chunks = [b"%x\r\n%b\r\n" % (len(part), part) for part in (BODY[:9], BODY[9:])]
    head = post("Transfer-Encoding: chunked", "Connection: close", body=b"", length=False)
    assert statuses(exchange(live, head, *chunks, b"0\r\n\r\n")) == [201]
    assert len(server.events.all()) == 1


def test_who_asks_for_leave_to_send_the_body_gets_it(live: LiveServer) -> None:
    head = post("Expect: 100-continue", "Connection: close")[: -len(BODY)]
    with socket.create_connection(("127.0.0.1", live.ports["payments"]), timeout=10) as connection:
        connection.sendall(head)
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(BODY)
        assert statuses(connection.recv(65_536)) == [201]


def test_leave_to_send_the_body_comes_after_the_answers_before_it(
    server: MockServer, live: LiveServer
) -> None:
    server.faults.add("latency", latency_s=0.2, operation="create_intent", times=1)
    expecting = post("Expect: 100-continue", "Connection: close")[: -len(BODY)]
    with socket.create_connection(("127.0.0.1", live.ports["payments"]), timeout=10) as connection:
        connection.sendall(post() + get() + expecting)
        answer = b""
        while not answer.endswith(b"HTTP/1.1 100 Continue\r\n\r\n"):
            answer += connection.recv(65_536)
        connection.sendall(BODY)
        answer += b"".join(iter(lambda: connection.recv(65_536), b""))
    assert statuses(answer) == [201, 200, 100, 201]


@pytest.mark.parametrize(
    "framing", [[f"Content-Length: {MAX_BODY_BYTES + 1}"], ["Transfer-Encoding: chunked"]]
)
def test_too_large_a_body_is_refused_before_all_of_it_came(live: LiveServer, framing: list[str]) -> None:
    """Rules 8.3; nothing is asked of the client to go on (Expect), and nothing is done."""
    body = b"" if "Content" in framing[0] else b"%x\r\n%b" % (2 * MAX_BODY_BYTES, b" " * (MAX_BODY_BYTES + 1))
    with socket.create_connection(("127.0.0.1", live.ports["payments"]), timeout=10) as connection:
        expecting = [] if body else ["Expect: 100-continue"]
        connection.sendall(post(*framing, *expecting, body=body, length=False))
        head, _, refused = connection.recv(65_536).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 413 ")
    assert json.loads(refused)["code"] == "body_too_large"


def test_a_connection_in_the_middle_of_a_request_is_not_answered(
    server: MockServer, live: LiveServer
) -> None:
    with socket.create_connection(("127.0.0.1", live.ports["payments"]), timeout=10) as connection:
        connection.sendall(post()[:-5])
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""
    assert server.events.all() == []
