"""Writers that hammer a server over sockets and remember what was acknowledged, and a judge of the rest."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from isa_mockserver.testing import MockServer

WRITERS = 16
GRUBSTAKE = 100_000
EVENTS_OF = {
    "intent": ["payment.created"],
    "deposit": ["payment.created", "payment.succeeded", "wallet.deposited"],
    "transfer": ["wallet.transferred", "wallet.transferred"],
}


@dataclass(frozen=True)
class Write:
    """One request with its own key."""

    run: int
    user: str
    key: str
    kind: str
    path: str
    body: dict[str, Any] = field(hash=False)

    def raw(self) -> bytes:
        body = json.dumps(self.body).encode()
        return (
            f"POST {self.path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {self.user}\r\n"
            f"idempotency-key: {self.key}\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\n\r\n"
        ).encode() + body

    def again(self, server: MockServer) -> tuple[int, bytes, bool]:
        """Send it in process: status, body, and whether the answer is a replay."""
        answer = server.request(
            "POST", self.path, user=self.user, json_body=self.body, headers={"Idempotency-Key": self.key}
        )
        return answer.status, answer.body, "idempotent-replayed" in answer.headers


@dataclass
class Sent:
    """Every write that was ever sent: acknowledged with its answer, or with None in the dark."""

    answers: dict[Write, tuple[int, bytes] | None] = field(default_factory=dict)

    @property
    def acknowledged(self) -> int:
        return sum(answer is not None for answer in self.answers.values())


def user(number: int) -> str:
    return f"user_w{number % WRITERS}"


def furnish(server: MockServer) -> None:
    """Give every writer money to move, and make them known to each other."""
    for number in range(WRITERS):
        write = Write(
            0, user(number), "grubstake", "deposit", "/api/v1/wallets/me/deposit", _deposit(GRUBSTAKE)
        )
        assert write.again(server)[0] == 201


def _deposit(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "usd", "payment_method_id": "pm_card_visa"}


def _writes(number: int, run: int) -> Iterator[Write]:
    turn = 0
    while True:
        turn += 1
        key = f"{run}-{turn}"
        me, amount = user(number), 100 + turn
        yield Write(
            run, me, f"i{key}", "intent", "/api/v1/payments/intent", {"amount": amount, "currency": "usd"}
        )
        yield Write(run, me, f"d{key}", "deposit", "/api/v1/wallets/me/deposit", _deposit(amount))
        body = {"to_user_id": user(number + 1), "amount": turn, "currency": "usd"}
        yield Write(run, me, f"t{key}", "transfer", "/api/v1/wallets/transfer", body)


async def hammer(port: int, run: int, sent: Sent, first: asyncio.Event) -> None:
    """Write with 16 connections until the server is gone."""
    await asyncio.gather(*(_write_on(port, number, run, sent, first) for number in range(WRITERS)))


async def _write_on(port: int, number: int, run: int, sent: Sent, first: asyncio.Event) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for write in _writes(number, run):
            sent.answers[write] = None
            writer.write(write.raw())
            sent.answers[write] = await _answer(reader)
            first.set()
    except (ConnectionError, asyncio.IncompleteReadError):
        return  # the server is gone
    finally:
        writer.transport.abort()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    assert length is not None
    return int(head.split()[1]), await reader.readexactly(int(length[1]))


def judge(server: MockServer, sent: Sent, *, run: int | None = None) -> None:
    """Every acknowledged write is there, none is half there, and the books are in order.

    The answers, of one run or of all, are given again as they were.
    """
    kept = _kept_keys(server)
    lost = [write for write, answer in sent.answers.items() if answer and (write.user, write.key) not in kept]
    assert lost == []
    there = [write for write in sent.answers if (write.user, write.key) in kept]
    assert_exactly(server, there)
    for write, answer in sent.answers.items():
        if answer is not None and run in (None, write.run):
            assert write.again(server) == (*answer, True)
    assert_exactly(server, there)


def settle(server: MockServer, sent: Sent) -> None:
    """Ask again for what was left in the dark: it is then there once, whether it was before or not."""
    for write, answer in sent.answers.items():
        if answer is None:
            status, body, _ = write.again(server)
            assert status < 300, body
            sent.answers[write] = (status, body)
    assert_exactly(server, list(sent.answers))


def assert_exactly(server: MockServer, writes: list[Write]) -> None:
    """The World is what these writes make of it: money, intents and events."""
    balances = Counter({user(number): GRUBSTAKE for number in range(WRITERS)})
    events = Counter(EVENTS_OF["deposit"] * WRITERS)
    for write in writes:
        events.update(EVENTS_OF[write.kind])
        if write.kind == "deposit":
            balances[write.user] += write.body["amount"]
        elif write.kind == "transfer":
            balances[write.user] -= write.body["amount"]
            balances[write.body["to_user_id"]] += write.body["amount"]
    assert Counter(server.events.types()) == events
    for name, amount in balances.items():
        assert server.ledger.balance(f"wallet:{name}:available", "usd") == amount
        wallet = server.request("GET", "/api/v1/wallets/me", user=name).json()
        assert wallet["balances"]["usd"] == amount
    world = server._runtime.world
    assert len(world.tables["payment_intents"].rows) == events["payment.created"]
    report = server.ledger.check()
    assert report.ok, report.violations


def _kept_keys(server: MockServer) -> set[tuple[str, str]]:
    ids = server._runtime.world.tables["idempotency"].rows
    return {(name, key) for name, _, key in (kept.split("\0") for kept in ids)}
