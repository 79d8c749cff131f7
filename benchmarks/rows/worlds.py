"""Rows 11 and 12: a World made, copied, put back, and moved through a year, in CPU time.

None of it waits for anything but its core, which a busy machine keeps from it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime

from benchmarks.load import CREATE
from benchmarks.measuring import Effort, interleaved, own_garbage_only, repeated, spread
from benchmarks.result import Result, timed
from isa_mockserver.kernel import snapshot
from isa_mockserver.kernel.world import World
from isa_mockserver.testing import MockServer
from isa_mockserver.worlds import Start, world_maker
from isa_user import SyncPaymentClient, SyncSubscriptionClient

_OBJECTS = 10_000
_USERS = 100
_SUBSCRIPTIONS = 100
START = datetime(2024, 1, 28, 10, tzinfo=UTC)


def fresh_world(effort: Effort) -> Sequence[Result]:
    """Row 11, first part."""
    make = world_maker(lambda: Start("none", START, 0, repeatable=True), (), None)
    blocks = {
        "world": repeated(make, effort.count(50), time.process_time),
        "server": repeated(MockServer, effort.count(20), time.process_time),
    }
    interleaved(blocks, 1)
    costs = interleaved(blocks, effort.rounds)
    whole = spread(costs["server"]).times(1000).median
    return [timed("11 fresh", costs["world"], **{"a whole MockServer()": f"{whole:.2f} ms"})]


def copies(effort: Effort) -> Sequence[Result]:
    """Row 11, the other parts; the objects are intents, each with its place in the history and its answer."""
    with MockServer(clock=START) as server:
        world = _filled(server, effort.count(_OBJECTS))
        taken = snapshot.take(world)
        blocks = {
            "snapshot": repeated(lambda: snapshot.take(world), 3, time.process_time),
            "restore": repeated(lambda: snapshot.restore(world, taken), 3, time.process_time),
        }
        interleaved(blocks, 1)
        costs = interleaved(blocks, effort.rounds)
        rows = str(sum(len(table.rows) for table in world.tables.values()))
        return [timed(f"11 {name}", costs[name], rows=rows) for name in blocks]


def _filled(server: MockServer, objects: int) -> World:
    clients = [server.client(SyncPaymentClient, user=f"user_{number}") for number in range(_USERS)]
    for number in range(objects):
        clients[number % _USERS].create_intent(**CREATE)
    return server._runtime.world


def a_year(effort: Effort) -> Sequence[Result]:
    """Row 12."""
    costs = [_year(effort.count(_SUBSCRIPTIONS)) for _ in range(max(1, effort.rounds // 2))]
    return [timed("12", costs)]


def _year(subscriptions: int) -> float:
    with MockServer(clock=START) as server:
        subscribe_users(server, subscriptions)
        with own_garbage_only():
            started_s = time.process_time()
            server.clock.advance(days=366)
            return time.process_time() - started_s


def subscribe_users(server: MockServer, count: int) -> None:
    """So many users with a monthly plan each, paid by card."""
    for number in range(count):
        client = server.client(SyncSubscriptionClient, user=f"user_{number}")
        client.create_subscription(plan_id="plan_pro_monthly", payment_method_id="pm_card_visa")
