"""SDKs: a call, parsed into the SDK's own object, against the same call by the HTTP client below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from importlib import import_module
from typing import NamedTuple

import httpx

from benchmarks.cores import on_first_core
from benchmarks.load import CREATE, PATH, TOKEN, headers
from benchmarks.measuring import Effort, interleaved, repeated
from benchmarks.servers.processes import program
from isa_user import SyncPaymentClient

_CALLS = 30
Call = Callable[[], object]


class Pair(NamedTuple):
    """A call by an SDK, and by the client that the SDK itself uses."""

    below: str
    by_sdk: Call
    by_client: Call


def overheads(effort: Effort) -> dict[str, tuple[str, list[float], list[float]]]:
    """SDK -> the client below it, and the seconds of a call by the SDK and by that client, round by round."""
    with program("benchmarks.servers.canned") as server, on_first_core(), ExitStack() as opened:
        pairs = _pairs(f"http://127.0.0.1:{int(server.read())}", opened)
        blocks = {
            (name, side): repeated(call, effort.count(_CALLS))
            for name, pair in pairs.items()
            for side, call in (("sdk", pair.by_sdk), ("client", pair.by_client))
        }
        by_number = {f"{name} {side}": block for (name, side), block in blocks.items()}
        interleaved(by_number, 2)
        costs = interleaved(by_number, effort.rounds * 4)
    return {name: (pair.below, costs[f"{name} sdk"], costs[f"{name} client"]) for name, pair in pairs.items()}


def _pairs(url: str, opened: ExitStack) -> Mapping[str, Pair]:
    makers = {"isa_user": isa_user, "stripe": _stripe, "openai": _openai}
    return {name: make(url, opened) for name, make in makers.items()}


def isa_user(url: str, opened: ExitStack) -> Pair:
    """Our own pair; `opened` closes its connections."""
    client = opened.enter_context(SyncPaymentClient(url, token=TOKEN))
    below = opened.enter_context(httpx.Client())
    return Pair(
        "httpx",
        lambda: client.create_intent(**CREATE),
        lambda: below.post(url + PATH, json=CREATE, headers=headers()).json(),
    )


def _stripe(url: str, opened: ExitStack) -> Pair:
    requests, stripe = import_module("requests"), import_module("stripe")
    client = stripe.StripeClient("sk_test_123", base_addresses={"api": url}, max_network_retries=0)
    below = opened.enter_context(requests.Session())
    wanted = {"amount": 2999, "currency": "usd", "description": "Pro Plan - Monthly"}
    head = {"authorization": "Bearer sk_test_123"}
    return Pair(
        "requests",
        lambda: client.v1.payment_intents.create(wanted),
        lambda: below.post(f"{url}/v1/payment_intents", data=wanted, headers=head).json(),
    )


def _openai(url: str, opened: ExitStack) -> Pair:
    client = import_module("openai").OpenAI(api_key=TOKEN, base_url=url, max_retries=0)
    below = opened.enter_context(httpx.Client())
    messages = [{"role": "user", "content": "Pro Plan - Monthly"}]
    wanted = {"model": "m", "messages": messages}
    return Pair(
        "httpx",
        lambda: client.chat.completions.create(model="m", messages=messages),
        lambda: below.post(f"{url}/chat/completions", json=wanted, headers=headers()).json(),
    )
