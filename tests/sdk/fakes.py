"""Transports without a network, calls to step through, and the JSON they answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import isa_user
from isa_user._call import Call
from isa_user._config import ClientConfig
from isa_user._flow import Effect, GetToken, Outcome, Send, Wait, flow
from isa_user._operations import Operation
from isa_user._operations.payment import CREATE_INTENT
from isa_user._operations.wallet import GET_WALLET
from isa_user._request import prepare
from isa_user._wire import TransportFailure, WireRequest, WireResponse

NOW = datetime(2024, 1, 28, 10, 0, tzinfo=UTC)
INTENT = {
    "payment_intent_id": "pi_abc123",
    "client_secret": "pi_abc123_secret_xyz",
    "amount": 2999,
    "currency": "usd",
    "status": "requires_payment_method",
}
WALLET = {"wallet_id": "wallet_123", "balances": {"usd": 15000, "credits": 500}, "pending": {"usd": 0}}

SUBSCRIPTION = {
    "subscription_id": "sub_123",
    "plan": {"id": "plan_pro_monthly", "name": "Pro Monthly", "price": 2999, "interval": "month"},
    "status": "active",
    "current_period_end": "2024-02-28T00:00:00Z",
    "cancel_at_period_end": False,
}
CREDITS = {
    "total_credits": 500,
    "available_credits": 450,
    "reserved_credits": 50,
    "expiring_soon": {"amount": 100, "expires_at": "2024-03-01T00:00:00Z"},
}

Reply = WireResponse | TransportFailure


def answer(status: int = 200, body: object = None, headers: Mapping[str, str] | None = None) -> WireResponse:
    """An answer with a JSON body (bytes and str are taken as they are)."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
    pairs = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    return WireResponse(status, pairs, raw)


def failed(*, sent: bool, timed_out: bool = False) -> TransportFailure:
    return TransportFailure("it broke", sent=sent, timed_out=timed_out)


def config(**changes: Any) -> ClientConfig:
    """A configuration that depends on no environment."""
    urls = {service: f"http://{service}.test" for service in ("payment", "wallet", "billing", "subscription")}
    settings: dict[str, Any] = {"urls": {**urls, "credit": "http://credit.test"}, "token": "tok"}
    return ClientConfig(**{**settings, **changes})


def call_of(
    operation: Operation[Any],
    *,
    path: Mapping[str, Any] = MappingProxyType({}),
    body: Mapping[str, Any] | None = None,
    **options: Any,
) -> Call[Any]:
    settings = config(idempotent_server=options.pop("idempotent_server", False))
    return prepare(operation, settings, options, path=path, body=body, new_key=lambda: "key-1")


def write_call(**options: Any) -> Call[Any]:
    """A create_intent call."""
    return call_of(CREATE_INTENT, body={"amount": 2999, "currency": "usd"}, **options)


def read_call(**options: Any) -> Call[Any]:
    """A get_balance call."""
    return call_of(GET_WALLET, **options)


@dataclass
class Played:
    """What a call did, step by step, and how it ended."""

    effects: list[Effect] = field(default_factory=list[Effect])
    outcome: Outcome | None = None
    error: Exception | None = None

    @property
    def sent(self) -> list[Send]:
        return [effect for effect in self.effects if isinstance(effect, Send)]

    @property
    def waits(self) -> list[float]:
        return [effect.seconds for effect in self.effects if isinstance(effect, Wait)]

    @property
    def tokens_asked(self) -> list[str | None]:
        return [effect.rejected for effect in self.effects if isinstance(effect, GetToken)]


def play(
    call: Call[Any],
    *replies: Reply,
    random: float = 1.0,
    seconds_each: float = 0.0,
    seconds_a_token: float = 0.0,
    tokens: Iterable[str] = ("tok-1", "tok-2", "tok-3"),
) -> Played:
    """Step a call without clock or network: each Send takes ``seconds_each``, each Wait what it says."""
    clock = [0.0]
    played = Played()
    steps = flow(call, clock=lambda: clock[0], now=lambda: NOW, random=lambda: random)
    results = {Send: iter(replies), GetToken: iter(tokens)}
    try:
        _step(steps, played, results, clock, {Send: seconds_each, GetToken: seconds_a_token})
    except StopIteration as done:
        played.outcome = done.value
    except Exception as error:
        played.error = error
    return played


def _step(
    steps: Generator[Effect, Any, Outcome],
    played: Played,
    results: Mapping[type, Any],
    clock: list[float],
    seconds: Mapping[type, float],
) -> None:
    effect = next(steps)
    while True:
        played.effects.append(effect)
        if isinstance(effect, Wait):
            clock[0] += effect.seconds
            effect = steps.send(None)
        else:
            clock[0] += seconds[type(effect)]
            reply = next(results[type(effect)], None)
            assert reply is not None, "the call did more than the test has answers for"
            effect = steps.send(reply)


class Script:
    """Answers requests from a list and remembers them; both colours."""

    def __init__(self, *replies: Reply | Callable[[WireRequest], Reply]) -> None:
        self.replies = list(replies)
        self.requests: list[WireRequest] = []
        self.timeouts: list[float] = []
        self.waits: list[float] = []
        self.closed = 0

    def take(self, request: WireRequest, timeout_s: float) -> WireResponse:
        self.requests.append(request)
        self.timeouts.append(timeout_s)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        result = reply(request) if callable(reply) else reply
        if isinstance(result, TransportFailure):
            raise result
        return result

    def header(self, name: str, index: int = -1) -> str | None:
        values = [value for key, value in self.requests[index].headers if key == name.encode()]
        return values[0].decode() if values else None

    def body(self, index: int = -1) -> Any:
        return json.loads(self.requests[index].body)


class AsyncScript(Script):
    async def send(self, request: WireRequest, *, timeout_s: float) -> WireResponse:
        return self.take(request, timeout_s)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def aclose(self) -> None:
        self.closed += 1


class SyncScript(Script):
    def send(self, request: WireRequest, *, timeout_s: float) -> WireResponse:
        return self.take(request, timeout_s)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    def close(self) -> None:
        self.closed += 1


def page_of(rows: list[dict[str, Any]], cursor: str | None) -> WireResponse:
    return answer(200, {"data": rows, "has_more": cursor is not None, "next_cursor": cursor})


def bound(name: str, script: Any, **options: Any) -> Any:
    """A client of the given name over a script."""
    cls: Any = getattr(isa_user, name)
    return cls._bound(transport=script, sleep=script.sleep, token="tok", **options)
