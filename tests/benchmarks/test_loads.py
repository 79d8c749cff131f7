"""The load run: it asks what it says, sees what is wrong, and adds up right."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Sequence
from random import Random

import pytest

from benchmarks.__main__ import main
from benchmarks.loads import run
from benchmarks.loads.connections import Connection, Notes
from benchmarks.loads.mix import MIX, Operation, Person, chosen, learn, request
from benchmarks.loads.report import Found, lines, percentiles
from isa_mockserver.slices import routes_by_service

EVERY = [(service, operation) for service, operations in MIX.items() for operation in operations]


def person(name: str = "user_1") -> Person:
    return Person(name, ["user_2"], Random(1))


def found(**changes: object) -> Found:
    notes = Notes()
    notes.latencies_s["create intent"] = array("d", [0.001, 0.002, 0.003])
    values = {"store": "memory", "seconds": 2.0, "notes": notes, "memory_kb": [1024, 2048, 3072]}
    return Found(**{**values, "every_s": 1.0, "wrong": (), **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("store", run.STORES)
def test_a_real_server_answers_everything_rightly(store: str) -> None:
    seen = run.loaded(store, seconds=1.0, connections=10, every_s=0.3)
    assert (seen.notes.errors, list(seen.wrong)) == ([], [])
    assert seen.ok
    assert seen.notes.answered > 10
    assert len(seen.memory_kb) >= 3


@pytest.mark.parametrize(("service", "operation"), EVERY, ids=[each.name for _, each in EVERY])
def test_every_operation_is_an_endpoint_of_its_service(service: str, operation: Operation) -> None:
    wanted = "/api/v1" + operation.path.partition("?")[0].replace("{}", "*")
    there = {(route.method, route.path) for route in routes_by_service()[service]}
    patterns = {(method, _starred(path)) for method, path in there}
    assert (operation.method, wanted) in patterns


def _starred(path: str) -> str:
    return "/".join("*" if part.startswith("{") else part for part in path.split("/"))


def test_only_what_is_known_is_asked_for() -> None:
    somebody = person()
    for _ in range(200):
        assert chosen(somebody, MIX["payments"]).needs is None
    somebody.known["payment_intent_id"] = "pi_1"
    assert any(chosen(somebody, MIX["payments"]).needs for _ in range(200))


def test_a_write_has_its_key_and_a_read_has_none() -> None:
    write, read = MIX["wallets"][0], MIX["wallets"][2]
    assert b"\r\nidempotency-key: key-7\r\n" in request(person(), write, "key-7")
    assert b"idempotency-key" not in request(person(), read, "key-8")


def test_acknowledged_movements_are_remembered_and_refused_ones_are_not() -> None:
    somebody = person()
    deposit, transfer = MIX["wallets"][0], MIX["wallets"][1]
    request(somebody, deposit, "key-1")
    learn(somebody, deposit, 201, b"{}")
    request(somebody, transfer, "key-2")
    learn(somebody, transfer, 402, b"{}")
    assert somebody.moved == [("user_1", 5000)]
    sent = somebody.asked["amount"]
    learn(somebody, transfer, 201, b"{}")
    assert somebody.moved[1:] == [("user_1", -sent), ("user_2", sent)]


class _Wire(asyncio.Transport):
    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send nothing."""


def answered(*answers: bytes) -> Notes:
    """What a connection notes that is given these bytes."""

    async def listen() -> Notes:
        notes = Notes()
        connection = Connection(person(), [MIX["wallets"][1]], notes)
        connection.connection_made(_Wire())
        for answer in answers:
            connection.data_received(answer)
        return notes

    return asyncio.run(listen())


def test_a_refusal_that_had_to_come_is_no_error() -> None:
    notes = answered(b"HTTP/1.1 402 X\r\ncontent-length: 2\r\n\r\n{}")
    assert (notes.errors, notes.refused, notes.answered) == ([], {402: 1}, 1)


def test_any_other_answer_is_an_error() -> None:
    notes = answered(b"HTTP/1.1 500 X\r\ncontent-length: 2\r\n\r\n{}")
    assert notes.errors == ["transfer: 500 b'{}'"]


def test_an_answer_in_pieces_is_one_answer() -> None:
    notes = answered(b"HTTP/1.1 201 X\r\ncontent-", b"length: 2\r\n\r\n{", b"}")
    assert (notes.errors, notes.answered) == ([], 1)


def test_a_lost_connection_is_an_error() -> None:
    async def lose() -> Notes:
        notes = Notes()
        connection = Connection(person(), [MIX["wallets"][0]], notes)
        connection.connection_made(_Wire())
        connection.connection_lost(None)
        return notes

    assert asyncio.run(lose()).errors == ["deposit: the connection was lost: None"]


def test_percentiles_of_a_hundred_and_one_numbers_are_the_numbers_at_their_places() -> None:
    assert percentiles([float(number) for number in range(101)]) == (50.0, 95.0, 99.0)
    assert percentiles([4.0]) == (4.0, 4.0, 4.0)
    assert percentiles([]) == (0.0, 0.0, 0.0)


def test_growth_is_memory_over_requests_in_each_half() -> None:
    """3 requests in 2 s; 1,024 KB a second are 1,048,576 / 1.5 bytes for each of them."""
    text = "\n".join(lines(found()))
    assert "growth for each request: 699051 bytes in the first half, 699051 bytes in the second" in text
    assert "- 3 requests, 2 a second" in text
    assert "| create intent | 3 | 2.0 ms |" in text


@pytest.mark.parametrize(
    ("errors", "wrong", "status"), [([], (), 0), (["deposit: 500"], (), 1), ([], ("usd sums to 1",), 1)]
)
def test_a_run_fails_with_its_errors_and_with_its_books(
    errors: list[str],
    wrong: Sequence[str],
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    seen = found(wrong=wrong)
    seen.notes.errors.extend(errors)
    monkeypatch.setattr(run, "loaded", lambda *_: seen)
    assert main(["load", "--store", "memory"]) == status
    assert all(words in capsys.readouterr().out for words in (*errors, *wrong))
