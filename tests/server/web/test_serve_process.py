"""The server in a process of its own: six ports, raw bytes, signals."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator

import pytest

from tests.server.web.processes import (
    FREE_PORTS,
    SERVICES,
    Running,
    connect,
    exchange,
    get,
    read_all,
    run,
    running,
)

NAMES = {
    "payments": "payment_service",
    "wallets": "wallet_service",
    "billing": "billing_service",
    "subscriptions": "subscription_service",
    "credits": "credit_service",
    "gateway": "gateway",
}


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as started:
        yield started


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def body_of(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


def test_print_ports_prints_one_line_of_json_and_nothing_else() -> None:
    with running() as started:
        assert tuple(started.ports) == SERVICES
        assert len(set(started.ports.values())) == len(SERVICES)
        status, out, log = started.stop()
    assert (status, out, log) == (0, "", "")


@pytest.mark.parametrize("service", SERVICES)
def test_health_answers_on_every_port(server: Running, service: str) -> None:
    addresses = ["127.0.0.1", "::1"] if has_ipv6() else ["127.0.0.1"]
    for address in addresses:
        answer = exchange(server.ports[service], get("/health"), address)
        assert status_of(answer) == 200
        document = json.loads(body_of(answer))
        assert (document["status"], document["service"]) == ("healthy", NAMES[service])


def test_a_port_serves_only_its_own_service(server: Running) -> None:
    """A wrong port answers 404, as it would in production; the gateway serves all."""
    request = get("/api/v1/wallets/me", headers="authorization: Bearer user_456\r\n")
    answers = {service: status_of(exchange(server.ports[service], request)) for service in SERVICES}
    assert answers == {**dict.fromkeys(SERVICES, 404), "wallets": 200, "gateway": 200}


def test_the_control_api_is_on_every_port_and_guarded(server: Running) -> None:
    for service in SERVICES:
        assert status_of(exchange(server.ports[service], get("/_mock/clock"))) == 200
        evil = exchange(server.ports[service], get("/_mock/clock", host="evil.example"))
        assert (status_of(evil), json.loads(body_of(evil))["code"]) == (403, "forbidden_host")


def test_browsers_may_call_the_services(server: Running) -> None:
    """CORS: any origin in dev mode, preflight answered."""
    port = server.ports["payments"]
    preflight = (
        b"OPTIONS /api/v1/payments/intent HTTP/1.1\r\nhost: localhost\r\norigin: https://shop.example\r\n"
        b"access-control-request-method: POST\r\n"
        b"access-control-request-headers: authorization,content-type,idempotency-key\r\n"
        b"connection: close\r\n\r\n"
    )
    answer = exchange(port, preflight)
    assert status_of(answer) == 200
    assert b"access-control-allow-origin: *" in answer
    allowed = next(line for line in answer.split(b"\r\n") if line.startswith(b"access-control-allow-headers"))
    assert all(name in allowed for name in (b"authorization", b"content-type", b"idempotency-key"))
    simple = exchange(port, get("/health", headers="origin: https://shop.example\r\n"))
    assert b"access-control-allow-origin: *" in simple


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"HELLO\r\n\r\n", 400, "malformed_request"),
        (b"GET / HTTP/1.1\r\nbad header\r\n\r\n", 400, "malformed_request"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, "malformed_request"),
        (b"GET /\xff\xfe HTTP/1.1\r\nhost: localhost\r\n\r\n", 400, "malformed_request"),
        (b"GET /health HTTP/1.1\r\nx: " + b"a" * 70_000 + b"\r\n\r\n", 431, "headers_too_large"),
        (b"GET /health HTTP/1.1\r\n" + b"x: 12345678\r\n" * 6_000 + b"\r\n", 431, "headers_too_large"),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nhost: localhost\r\n\r\n", 431, "headers_too_large"),
    ],
    ids=["no http", "bad header", "tls", "non-ascii path", "long header", "many headers", "long path"],
)
def test_what_is_no_proper_request_gets_a_problem_document(
    server: Running, raw: bytes, status: int, code: str
) -> None:
    answer = exchange(server.ports["payments"], raw)
    assert status_of(answer) == status
    assert b"content-type: application/problem+json" in answer
    document = json.loads(body_of(answer))
    assert (document["status"], document["code"]) == (status, code)
    assert f"x-request-id: {document['request_id']}".encode() in answer


def test_a_header_without_end_is_cut_off(server: Running) -> None:
    """Header floods: memory stays bounded although no header ever ends."""
    with connect(server.ports["payments"]) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nx: ")
        for _ in range(64):
            connection.sendall(b"a" * 16_384)
        answer = read_all(connection)
    assert (status_of(answer), json.loads(body_of(answer))["code"]) == (431, "headers_too_large")


def test_a_large_body_behind_small_headers_is_not_taken_for_headers(server: Running) -> None:
    body = b'{"user_id": "' + b"x" * 200_000 + b'"}'
    head = f"POST /_mock/users HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(body)}\r\n".encode()
    first = head + b"content-type: application/json\r\n\r\n" + body
    answer = exchange(server.ports["gateway"], first + get("/health"))
    assert answer.startswith(b"HTTP/1.1 422 ")
    assert b"HTTP/1.1 200 " in answer


def test_an_upgrade_that_is_not_offered_is_ignored(server: Running) -> None:
    raw = get("/health", headers="upgrade: websocket\r\n").replace(
        b"connection: close", b"connection: upgrade, close"
    )
    assert status_of(exchange(server.ports["gateway"], raw)) == 200


@pytest.mark.parametrize(
    "path",
    ["/../health", "/%2e%2e/health", "//health", "/health/", "/health%00", "/%ff", "/api/v1/wallets/me%2f"],
)
def test_path_tricks_are_not_found(server: Running, path: str) -> None:
    answer = exchange(server.ports["gateway"], get(path, headers="authorization: Bearer user_456\r\n"))
    assert (status_of(answer), json.loads(body_of(answer))["code"]) == (404, "route_not_found")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_requests_in_flight_finish_and_exits_0(number: int) -> None:
    """SIGINT/SIGTERM: finishes what is in flight, exit 0; idle connections do not hold it up."""
    body = b'{"user_id": "carol"}'
    head = f"POST /_mock/users HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(body)}\r\n".encode()
    with running("--seed", "none") as started:
        port = started.ports["gateway"]
        with connect(port) as idle, connect(port) as flying:
            idle.sendall(get("/health").replace(b"connection: close\r\n", b""))
            assert idle.recv(1) == b"H"
            flying.sendall(head + b"content-type: application/json\r\n\r\n" + body[:5])
            assert exchange(port, get("/health")).startswith(b"HTTP/1.1 200 ")
            started.process.send_signal(number)
            assert read_all(idle).startswith(b"TTP/1.1 200 "), "the idle connection is closed first"
            flying.sendall(body[5:])
            answer = read_all(flying)
        out, log = started.process.communicate(timeout=10)
    assert status_of(answer) == 201
    assert (started.process.returncode, out, log) == (0, "", "")


def test_a_client_that_never_finishes_holds_the_server_up_for_5_seconds_at_most() -> None:
    with running() as started:
        with connect(started.ports["gateway"]) as stuck:
            stuck.sendall(b"POST /_mock/users HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n")
            assert exchange(started.ports["gateway"], get("/health")).startswith(b"HTTP/1.1 200 ")
            started.process.send_signal(signal.SIGTERM)
            started.process.wait(timeout=9)
        assert started.process.returncode == 0
        assert started.process.stderr is not None
        assert started.process.stderr.read() == ""


def test_half_a_body_is_not_taken_for_a_short_one() -> None:
    """A client that goes away in the middle of a request has asked for nothing."""
    with running("--clock", "2024-01-28T10:00:00Z") as started:
        port = started.ports["gateway"]
        assert run("clock", "advance", "1h", "--url", started.url).returncode == 0
        with connect(port) as leaving:
            leaving.sendall(b"POST /_mock/reset HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n{")
            assert exchange(port, get("/health")).startswith(b"HTTP/1.1 200 ")
        assert b"2024-01-28T11:00:00Z" in exchange(port, get("/_mock/clock"))
        assert b"2024-01-28T11:00:00Z" in exchange(port, get("/_mock/clock"))
        assert started.stop() == (0, "", "")


def test_a_port_in_use_is_one_sentence_that_names_port_and_process() -> None:
    with running() as started:
        taken = started.ports["wallets"]
        done = run("serve", *FREE_PORTS, "--port", f"wallets={taken}")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert f"Port {taken} (wallets) is already in use" in done.stderr
    assert f"(process {started.process.pid})" in done.stderr


def test_a_token_or_body_never_reaches_the_log() -> None:
    """AU-4; also when the server logs everything."""
    request = b"POST /api/v1/wallets/me/deposit HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
    body = b'{"amount": "CANARY-BODY"}'
    headers = f"authorization: Bearer CANARY-TOKEN\r\ncontent-length: {len(body)}\r\n".encode()
    with running("--log-level", "debug") as started:
        port = started.ports["gateway"]
        exchange(port, request + headers + b"content-type: application/json\r\n\r\n" + body)
        exchange(port, b"CANARY-NOT-HTTP\r\n\r\n")
        status, out, log = started.stop()
    assert status == 0
    assert "CANARY" not in out + log


def test_a_bodiless_start_is_quick_to_answer_after_it_said_so(server: Running) -> None:
    """The line of ports is printed when the server answers, not before."""
    with running() as started:
        assert status_of(exchange(started.ports["credits"], get("/health"))) == 200
