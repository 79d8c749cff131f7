"""Group commit: nothing is acknowledged before it is durable, and many share one sync."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import pytest

from isa_mockserver.kernel.changes import Changes
from isa_mockserver.persist.writers import ENOUGH, DirectWriter, GroupWriter

from .files import note

LIMIT_S = 5.0


class SlowStore:
    """A store whose commits end when the test says so, or fail."""

    def __init__(self) -> None:
        self.batches: list[list[Changes]] = []
        self.committing = threading.Event()
        self.may_end = threading.Semaphore(0)
        self.failure: Exception | None = None
        self.closed = False

    def load(self) -> Mapping[str, Changes]:
        return {}

    def commit(self, batch: Sequence[Changes]) -> None:
        self.committing.set()
        assert self.may_end.acquire(timeout=LIMIT_S)
        if self.failure is not None:
            raise self.failure
        self.batches.append(list(batch))

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def store() -> SlowStore:
    return SlowStore()


@pytest.fixture
def writer(store: SlowStore) -> Iterator[GroupWriter]:
    made = GroupWriter(store)
    yield made
    for _ in range(10):
        store.may_end.release()
    made.close()


@pytest.mark.asyncio
async def test_who_waits_is_woken_when_the_disk_has_it_and_not_before(
    store: SlowStore, writer: GroupWriter
) -> None:
    writer.write(note(1))
    waiting = asyncio.ensure_future(writer.reached(writer.sequence))
    await asyncio.to_thread(store.committing.wait, LIMIT_S)
    await asyncio.sleep(0.02)
    assert not waiting.done()
    store.may_end.release()
    assert await asyncio.wait_for(waiting, LIMIT_S)


@pytest.mark.asyncio
async def test_what_comes_in_during_a_commit_shares_the_next_one(
    store: SlowStore, writer: GroupWriter
) -> None:
    writer.write(note(1))
    await asyncio.to_thread(store.committing.wait, LIMIT_S)
    waiting = []
    for number in range(2, 18):
        writer.write(note(number))
        waiting.append(writer.reached(writer.sequence))
    for _ in range(2):
        store.may_end.release()
    assert await asyncio.wait_for(asyncio.gather(*waiting), LIMIT_S) == [True] * 16
    assert [len(batch) for batch in store.batches] == [1, 16]


@pytest.mark.asyncio
async def test_requests_that_a_loop_has_at_hand_share_the_first_commit_too(
    store: SlowStore, writer: GroupWriter
) -> None:
    async def request(number: int) -> bool:
        for _ in range(number % 3):
            await asyncio.sleep(0)
        writer.write(note(number))
        return await writer.reached(writer.sequence)

    store.may_end.release()
    requests = (request(number) for number in range(16))
    assert await asyncio.wait_for(asyncio.gather(*requests), LIMIT_S) == [True] * 16
    assert [len(batch) for batch in store.batches] == [16]


@pytest.mark.asyncio
async def test_a_loop_that_never_rests_does_not_put_off_the_disk_for_ever(
    store: SlowStore, writer: GroupWriter
) -> None:
    for number in range(1_000 * ENOUGH):
        writer.write(note(number))
        await asyncio.sleep(0)
        if store.committing.is_set():
            break
    assert store.committing.is_set()


def test_what_a_loop_wrote_before_it_ended_is_written(store: SlowStore, writer: GroupWriter) -> None:
    async def only_write() -> None:
        writer.write(note(1))

    for _ in range(3):
        store.may_end.release()
    for _ in range(2):
        asyncio.run(only_write())
    writer.write(note(2))
    assert asyncio.run(asyncio.wait_for(writer.reached(3), LIMIT_S))


@pytest.mark.asyncio
async def test_who_asks_for_what_is_durable_already_does_not_wait(
    store: SlowStore, writer: GroupWriter
) -> None:
    assert await writer.reached(0)
    writer.write(note(1))
    store.may_end.release()
    assert await asyncio.wait_for(writer.reached(1), LIMIT_S)
    writer.write(note(2))
    asked = writer.reached(1)
    with pytest.raises(StopIteration) as ended:
        asked.send(None)
    assert ended.value.value is True


@pytest.mark.asyncio
async def test_all_who_wait_for_a_commit_are_told_in_one_go_in_their_own_loop(
    store: SlowStore, writer: GroupWriter, caplog: pytest.LogCaptureFixture
) -> None:
    """Also if one of them fails; who asks when it is durable is told at once."""
    told: list[tuple[int, bool, int]] = []
    all_told = asyncio.Event()

    def tell(number: int, outcome: bool) -> None:
        told.append((number, outcome, threading.get_ident()))
        if number == 1:
            raise RuntimeError("the first one fails")
        asyncio.get_running_loop().call_soon(all_told.set)

    writer.write(note(1))
    for number in (1, 2, 3):
        writer.when_reached(1, partial(tell, number))
    assert told == []
    store.may_end.release()
    await asyncio.wait_for(all_told.wait(), LIMIT_S)
    here = threading.get_ident()
    assert told == [(number, True, here) for number in (1, 2, 3)]
    assert "Who waited for the disk failed" in caplog.text
    writer.when_reached(1, partial(tell, 4))
    assert told[3:] == [(4, True, here)]


@pytest.mark.asyncio
async def test_a_waiter_that_gave_up_harms_nobody(store: SlowStore, writer: GroupWriter) -> None:
    writer.write(note(1))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(writer.reached(1), 0.01)
    store.may_end.release()
    assert await asyncio.wait_for(writer.reached(1), LIMIT_S)


def test_waiters_of_a_loop_that_ended_harm_nobody(store: SlowStore, writer: GroupWriter) -> None:
    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(writer.reached(1)), 0.01)

    writer.write(note(1))
    asyncio.run(give_up())
    store.may_end.release()
    assert asyncio.run(asyncio.wait_for(writer.reached(1), LIMIT_S))


@pytest.mark.asyncio
async def test_when_the_disk_fails_everybody_hears_it_from_then_on(
    store: SlowStore, writer: GroupWriter
) -> None:
    """Memory is ahead of the disk: even what was durable before is not vouched for any more."""
    writer.write(note(1))
    store.may_end.release()
    assert await asyncio.wait_for(writer.reached(1), LIMIT_S)
    told = threading.Event()
    writer.on_failure = told.set
    store.failure = OSError(28, "No space left on device")
    writer.write(note(2))
    waiting = asyncio.ensure_future(writer.reached(2))
    store.may_end.release()
    assert await asyncio.wait_for(waiting, LIMIT_S) is False
    assert await asyncio.to_thread(told.wait, LIMIT_S)
    writer.write(note(3))
    assert [await writer.reached(sequence) for sequence in (1, 2, 3)] == [False] * 3
    outcomes: list[bool] = []
    writer.when_reached(1, outcomes.append)
    assert outcomes == [False]
    assert writer.failure is store.failure
    assert len(store.batches) == 1


def test_closing_writes_what_is_outstanding_first(store: SlowStore) -> None:
    writer = GroupWriter(store)
    writer.write(note(1))
    assert store.committing.wait(LIMIT_S)
    writer.write(note(2))
    for _ in range(2):
        store.may_end.release()
    writer.close()
    assert [len(batch) for batch in store.batches] == [1, 1]
    assert store.closed


def test_a_direct_writer_returns_when_the_disk_has_it(store: SlowStore) -> None:
    writer = DirectWriter(store)
    store.may_end.release()
    writer.write(note(1))
    assert (len(store.batches), writer.sequence) == (1, 1)
    assert asyncio.run(writer.reached(1))
    outcomes: list[bool] = []
    writer.when_reached(1, outcomes.append)
    assert outcomes == [True]


def test_a_direct_writer_stays_failed(store: SlowStore) -> None:
    writer = DirectWriter(store)
    store.failure = OSError(5, "Input/output error")
    for _ in range(2):
        store.may_end.release()
        with pytest.raises(OSError, match="Input/output error"):
            writer.write(note(1))
        store.failure = None
    assert asyncio.run(writer.reached(0)) is False
    assert store.batches == []
