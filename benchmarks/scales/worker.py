"""Fills a World and measures operations in it; takes the number of objects, a line asks for an operation.

In a process of its own, because the garbage collector looks at everything that a process holds.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import count
from statistics import median

from benchmarks.scales.town import KINDS, START, Owner
from isa_mockserver.testing import MockServer

_TIMES = 40
_ROUNDS = 10
"""Of the operations that use something up, so many can be asked for."""
_DEEP = 0.9

Operation = Callable[[], object]


def main() -> None:
    """Print what filling took, then for each line, the name of an operation, what it takes in us of CPU."""
    objects = int(sys.argv[1])
    with MockServer(clock=START) as server:
        owner = Owner(server)
        print(json.dumps(filled(owner, objects)), flush=True)
        operations = dict(prepared(server, owner))
        print(json.dumps(list(operations)), flush=True)
        for line in sys.stdin:
            print(cost_us(operations[line.rstrip()]), flush=True)


def filled(owner: Owner, objects: int) -> Mapping[str, Mapping[str, float]]:
    """Make so many of every kind: what one took to make, in us of CPU, and takes to keep, in bytes."""
    _give_credits(owner)
    filling_us, bytes_each = dict[str, float](), dict[str, float]()
    for kind, (made, call) in KINDS.items():
        before_kb, started_s = _memory_kb(), time.process_time()
        for _ in range(max(1, objects // made)):
            call(owner)
        filling_us[kind] = (time.process_time() - started_s) / objects * 1e6
        gc.collect()
        bytes_each[kind] = (_memory_kb() - before_kb) * 1024 / objects
    return {"filling_us": filling_us, "bytes": bytes_each}


def prepared(server: MockServer, owner: Owner) -> Iterator[tuple[str, Operation]]:
    """Every operation with its name; what it needs is made ready."""
    intents = [owner.create_intent() for _ in range(_TIMES * _ROUNDS)]
    waiting, months = iter(intents), (f"{year}-{month:02}" for year in count(1990) for month in range(1, 13))
    yield "create intent", owner.create_intent
    yield "get intent", lambda: owner.read(f"/payments/intent/{intents[0]}")
    yield "confirm", lambda: owner.confirm(next(waiting))
    for name, path in _LISTS.items():
        deep = _deep_cursor(owner, path)
        yield f"{name}, first page", partial(owner.read, f"{path}?limit=20")
        if deep:
            yield f"{name}, deep page", partial(owner.read, f"{path}?limit=20&cursor={deep}")
    yield "balance", lambda: owner.read("/wallets/me")
    yield "deposit", owner.deposit
    yield "create invoice", owner.create_invoice
    yield "record usage", owner.record_usage
    yield "record usage, a new month", lambda: owner.record_usage(f"{next(months)}-15T00:00:00Z")
    yield "100 usage events", owner.record_batch
    yield "quota", lambda: owner.read("/billing/quota?metric=api_calls")
    yield "usage of another month", lambda: owner.read(_ANOTHER_MONTH)
    yield "credits", lambda: owner.read("/credits/me")
    yield "consume", owner.consume
    yield "events, first page", lambda: owner.ask("GET", "/_mock/events?limit=20")
    last = owner.ask("GET", "/_mock/events?limit=1&since=2099-01-01T00:00:00Z")["next_since"]
    yield "events, the newest", lambda: owner.ask("GET", f"/_mock/events?limit=20&since={last - 20}")
    yield "advance, nothing due", lambda: server.clock.advance(seconds=1)


_LISTS: Mapping[str, str] = {
    "payments": "/payments/history",
    "statement": "/wallets/me/transactions",
    "invoices": "/billing/invoices",
    "credit history": "/credits/me/transactions",
}
_ANOTHER_MONTH = (
    "/billing/usage?metric=api_calls&window=day&start=2023-05-01T00:00:00Z&end=2023-06-01T00:00:00Z"
)


def _deep_cursor(owner: Owner, path: str) -> str | None:
    """The cursor of a page behind nine tenths of the list; None where it has one page."""
    cursors: list[str] = []
    page = owner.read(f"{path}?limit=100")
    while page["has_more"]:
        cursors.append(page["next_cursor"])
        page = owner.read(f"{path}?limit=100&cursor={cursors[-1]}")
    return cursors[int((len(cursors) - 1) * _DEEP)] if cursors else None


def _give_credits(owner: Owner) -> None:
    """More credits than are spent."""
    owner.ask("POST", "/_mock/grants", {"user": "user_1", "amount": 10_000_000, "expires_at": None})


def cost_us(operation: Operation, times: int = _TIMES) -> float:
    """The median CPU time of one, in microseconds, without the first."""
    operation()
    return median(_each(operation, range(times - 1))) * 1e6


def _each(operation: Operation, times: Iterable[int]) -> Iterator[float]:
    for _ in times:
        started_s = time.process_time()
        operation()
        yield time.process_time() - started_s


def _memory_kb() -> int:
    """Resident memory in kilobytes (Linux; else 0)."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
    except OSError:
        return 0


if __name__ == "__main__":
    main()
