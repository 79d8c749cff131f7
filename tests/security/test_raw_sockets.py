"""Broken HTTP over real sockets: an answer or a closed line within bounded time, and the server goes on."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isa_mockserver.serve import protocol
from isa_mockserver.testing import MockServer
from tests.security.hostile import effort, mutated
from tests.server.web.processes import Running, connect, exchange, get, running

HEAD = (
    b"POST /api/v1/credits/consume HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer user_456\r\n"
    b"content-type: application/json\r\nconnection: close\r\n"
)
BODY = b'{"amount": 1, "reason": "x"}'
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\n"
SOUND = [
    HEAD + b"content-length: %d\r\n\r\n" % len(BODY) + BODY,
    CHUNKED + b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY),
    get("/health"),
    get("/_mock/clock"),
    get("/api/v1/payments/history?limit=1", headers="authorization: Bearer user_456\r\n"),
]
SMUGGLED = b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n"


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as started:
        yield started


def _statuses(raw: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) [A-Z][A-Za-z -]+\r\n", raw)]


def _told(port: int, raw: bytes, *, patience_s: float = 5) -> list[int]:
    """The statuses of what comes back until the line is closed, or silent for so long."""
    answer = b""
    with connect(port) as connection:
        connection.settimeout(patience_s)
        with suppress(ConnectionError, TimeoutError):
            connection.sendall(raw)
            while piece := connection.recv(65_536):
                answer += piece
    return _statuses(answer)


@effort(150)
@given(st.sampled_from(SOUND).flatmap(mutated) | st.binary(max_size=100))
def test_no_bytes_on_a_line_bring_the_server_down(server: Running, raw: bytes) -> None:
    assert all(status < 500 for status in _told(server.ports["gateway"], raw, patience_s=0.05))
    assert server.process.poll() is None


@pytest.mark.parametrize(
    ("raw", "statuses"),
    [
        (HEAD + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED, [400]),
        (HEAD + b"transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED, [400]),
        (HEAD + b"content-length: 2\r\ncontent-length: 50\r\n\r\n{}" + SMUGGLED, [400]),
        (HEAD + b"content-length: +2\r\n\r\n{}" + SMUGGLED, [400]),
        (HEAD + b"content-length: -2\r\n\r\n{}" + SMUGGLED, [400]),
        (HEAD + b"content-length: 2, 2\r\n\r\n{}" + SMUGGLED, [400]),
        (HEAD + b"content-length: " + b"9" * 40 + b"\r\n\r\n{}", [400]),
        (HEAD + b"transfer-encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED, [400]),
        (HEAD + b"transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED, [400]),
        (HEAD + b"content-length : 2\r\n\r\n{}" + SMUGGLED, [400]),
        (HEAD + b"x: a\r\n folded\r\n\r\n", [400]),
        (HEAD + b"x: a\x00b\r\n\r\n", [400]),
        (HEAD + b"x: a\rb\r\n\r\n", [400]),
        (HEAD.replace(b"\r\n", b"\n") + b"\n", [400]),
        (b"G\x00T / HTTP/1.1\r\nhost: localhost\r\n\r\n", [400]),
        (b"GET / HTTP/9.9\r\nhost: localhost\r\n\r\n", [400]),
        (b"CONNECT evil.test:443 HTTP/1.1\r\nhost: evil.test\r\n\r\n", [400]),
        (get("http://evil.test/_mock/clock", host="evil.test"), [403]),
    ],
)
def test_a_request_that_others_could_read_otherwise_is_refused_whole(
    server: Running, raw: bytes, statuses: list[int]
) -> None:
    """Nothing is smuggled behind a refused request: what follows it is not answered (RFC 9112, 6.3)."""
    assert _told(server.ports["gateway"], raw) == statuses


@pytest.mark.parametrize(
    "endless",
    [
        CHUNKED + b"2\r\n{}\r\n0\r\n" + b"x: yyyyyyyyyyyyyyyyyyyyyyyy\r\n" * 4_000,
        b"GET /health HTTP/1.1\r\n" + b"x: yyyyyyyyyyyyyyyyyyyyyyyy\r\n" * 4_000,
        CHUNKED + b"10000\r\n" + (b" " * 65_536 + b"\r\n10000\r\n") * 20,
    ],
    ids=["trailers", "headers", "chunks"],
)
def test_what_has_no_end_is_cut_off(server: Running, endless: bytes) -> None:
    assert _told(server.ports["gateway"], endless)[0] in (413, 422, 431)


def test_a_packed_body_is_not_unpacked(server: Running) -> None:
    """Bodies come plain: what says that it is gzip is read as it stands, and is no JSON."""
    bomb = gzip.compress(b'{"amount":' + b" " * 100_000_000 + b"1}")
    head = HEAD + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(bomb)
    assert _told(server.ports["gateway"], head + bomb) == [400]


def _resident_bytes(process_id: int) -> int:
    text = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in text.splitlines() if line.startswith("VmRSS"))) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads memory from /proc")
def test_floods_leave_no_memory_behind(server: Running) -> None:
    """Bodies over the limit, endless paths and chunk extensions: 300 MB offered, a tenth kept at most."""
    port = server.ports["gateway"]
    flood = [
        HEAD + b"content-length: 3000000\r\n\r\n" + b" " * 3_000_000,
        CHUNKED + b"2;" + b"a" * 3_000_000 + b"\r\n{}\r\n0\r\n\r\n",
        b"GET /" + b"a" * 3_000_000,
    ]
    for raw in flood:
        _told(port, raw)
    before = _resident_bytes(server.process.pid)
    for raw in flood * 33:
        _told(port, raw)
    assert _resident_bytes(server.process.pid) - before < 30_000_000


STALLED = {
    "nothing": b"",
    "half a head": b"GET /health HTTP/1.1\r\nx: ",
    "half a body": HEAD + b"content-length: 100\r\n\r\n{",
    "a body that was refused already": HEAD + b"content-length: 99999999\r\n\r\n{",
    "an empty line": b"\r\n",
}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a server that waits for a request a fraction of a second instead of a minute."""
    assert protocol.MAX_REQUEST_S == 60
    monkeypatch.setattr(protocol, "MAX_REQUEST_S", 0.3)
    monkeypatch.setattr(protocol, "WATCH_S", 0.1)
    with MockServer(seed="demo") as box, box.serve() as live:
        yield live.ports["gateway"]


@pytest.mark.parametrize("name", STALLED)
def test_who_begins_a_request_and_does_not_end_it_loses_the_line(impatient: int, name: str) -> None:
    """Slow loris: connections are not kept for those who send nothing, or drop by drop."""
    with connect(impatient) as connection:
        connection.settimeout(5)
        connection.sendall(STALLED[name])
        began = time.monotonic()
        with suppress(ConnectionError):
            while connection.recv(65_536):
                pass
        assert time.monotonic() - began < 3


def test_dripping_does_not_keep_the_line(impatient: int) -> None:
    with connect(impatient) as connection:
        connection.settimeout(5)
        began = time.monotonic()
        with pytest.raises(ConnectionError):
            for byte in b"GET /" + b"a" * 60:
                connection.sendall(bytes([byte]))
                time.sleep(0.05)
        assert time.monotonic() - began < 3


def test_a_line_at_rest_between_requests_and_a_slow_answer_are_left_alone(impatient: int) -> None:
    """The limit is on requests that are under way, not on kept connections nor on the server's own work."""
    slow = (
        b"GET /api/v1/wallets/me HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer user_456\r\n"
        b"isa-mock-fault: latency_s=0.8\r\n\r\n"
    )
    with connect(impatient) as connection:
        connection.settimeout(5)
        for _ in range(2):
            connection.sendall(slow)
            assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")
            time.sleep(0.8)
    assert exchange(impatient, get("/health")).startswith(b"HTTP/1.1 200 ")
