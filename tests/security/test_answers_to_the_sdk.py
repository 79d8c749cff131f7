"""What a hostile or broken server can do to the SDK with its answers: nothing beyond a bounded error."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import anyio
import httpx
import pytest

from isa_user import PaymentClient, SyncPaymentClient
from isa_user import errors as e
from isa_user._transport._body import MAX_BODY_BYTES
from tests.sdk.fakes import INTENT

MIB = 1_048_576
LIMIT = 16 * MIB
BODY = json.dumps(INTENT).encode()


def _raw_deflate(plain: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(plain) + packer.flush()


def _padded(size: int) -> bytes:
    """A good body of that size: JSON may have space around it."""
    return BODY + b" " * (size - len(BODY))


def _bomb() -> bytes:
    return gzip.compress(_padded(4 * LIMIT))


Make = Callable[[], bytes]

GOOD: dict[str, tuple[str, Make]] = {
    "plain": ("identity", lambda: BODY),
    "gzip": ("gzip", lambda: gzip.compress(BODY)),
    "upper case": ("GZIP", lambda: gzip.compress(BODY)),
    "deflate": ("deflate", lambda: zlib.compress(BODY)),
    "deflate without header": ("deflate", lambda: _raw_deflate(BODY)),
    "largest": ("gzip", lambda: gzip.compress(_padded(LIMIT), 1)),
}
BAD: dict[str, tuple[str, Make, str]] = {
    "too large": ("identity", lambda: _padded(LIMIT + 1), "more than 16777216 bytes"),
    "bomb": ("gzip", _bomb, "more than 16777216 bytes"),
    "deflate bomb": ("deflate", lambda: zlib.compress(_padded(4 * LIMIT)), "more than 16777216 bytes"),
    "bomb in a bomb": ("gzip, gzip", lambda: gzip.compress(_bomb()), "not asked for"),
    "another coding": ("br", lambda: BODY, "not asked for"),
    "cut": ("gzip", lambda: gzip.compress(BODY)[:-20], ""),
    "not packed": ("gzip", lambda: BODY, ""),
}


@cache
def _answer(name: str) -> tuple[str, bytes]:
    coding, make = GOOD.get(name) or BAD[name][:2]
    return coding, make()


class _Answers(BaseHTTPRequestHandler):
    """Answers with what the first part of the path names."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        name = self.path.split("/")[1].replace("_", " ")
        coding, body = _answer(name)
        self.send_response(201)
        self.send_header("content-type", "application/json")
        self.send_header("content-encoding", coding)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle of an answer is what is tested here."""


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with _Quiet(("127.0.0.1", 0), _Answers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _sync_call(url: str) -> int:
    with SyncPaymentClient(url, token="tok", max_retries=0) as client:
        return client.create_intent(amount=2999, currency="usd").amount


def _sync_call_through_a_client(url: str) -> int:
    with httpx.Client() as http:
        client = SyncPaymentClient(url, token="tok", max_retries=0, http_client=http)
        return client.create_intent(amount=2999, currency="usd").amount


async def _async_call(url: str) -> int:
    async with PaymentClient(url, token="tok", max_retries=0) as client:
        return (await client.create_intent(amount=2999, currency="usd")).amount


async def _async_call_through_a_client(url: str) -> int:
    async with httpx.AsyncClient() as http:
        client = PaymentClient(url, token="tok", max_retries=0, http_client=http)
        return (await client.create_intent(amount=2999, currency="usd")).amount


CALLS: dict[str, Callable[[str], int]] = {
    "sync": _sync_call,
    "sync, injected client": _sync_call_through_a_client,
    "asyncio": lambda url: anyio.run(_async_call, url),
    "trio": lambda url: anyio.run(_async_call, url, backend="trio"),
    "asyncio, injected client": lambda url: anyio.run(_async_call_through_a_client, url),
    "trio, injected client": lambda url: anyio.run(_async_call_through_a_client, url, backend="trio"),
}


def test_the_limit_is_16_mib() -> None:
    assert MAX_BODY_BYTES == LIMIT


@pytest.mark.parametrize("way", CALLS)
@pytest.mark.parametrize("name", GOOD)
def test_an_answer_is_read_up_to_the_limit_packed_or_not(base_url: str, name: str, way: str) -> None:
    assert CALLS[way](f"{base_url}/{name.replace(' ', '_')}") == 2999


# trio tells of generators of httpx that are not run to their end, which giving up means.
@pytest.mark.filterwarnings("ignore:Async generator:ResourceWarning")
@pytest.mark.parametrize("way", CALLS)
@pytest.mark.parametrize("name", BAD)
def test_an_answer_that_does_not_fit_is_given_up_and_the_write_is_in_doubt(
    base_url: str, name: str, way: str
) -> None:
    """A bomb is not unfolded; the payment may have been made all the same, and the error says so."""
    with pytest.raises((e.OutcomeUnknownError, e.ResponseValidationError)) as caught:
        CALLS[way](f"{base_url}/{name.replace(' ', '_')}")
    assert BAD[name][2] in str(caught.value)
    assert caught.value.idempotency_key is not None


def test_a_bomb_costs_no_more_memory_than_the_limit(base_url: str) -> None:
    _answer("bomb")
    tracemalloc.start()
    try:
        with pytest.raises(e.OutcomeUnknownError):
            _sync_call(f"{base_url}/bomb")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 * LIMIT
