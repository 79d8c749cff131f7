"""Named snapshots: restore, fork, diff (mockserver page, Control API; decision 2)."""

from __future__ import annotations

from typing import Any

import pytest

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.state import dump
from isa_mockserver.testing import MockServer
from isa_mockserver.testing.sandbox import Sandbox
from isa_mockserver.web.snapshots import MAX_SNAPSHOTS
from isa_user import SyncIsaUser

SAMPLE_DATE = "2024-01-28T00:00:00Z"


def _live_a_little(box: Sandbox) -> SyncIsaUser:
    isa = box.client(SyncIsaUser, user="user_456")
    isa.wallets.deposit(
        amount=5000, currency="usd", payment_method_id="pm_card_visa", idempotency_key="deposit"
    )
    isa.subscriptions.create_subscription(
        plan_id="plan_pro_monthly", payment_method_id="pm_card_visa", idempotency_key="subscribe"
    )
    return isa


@pytest.mark.parametrize("clock", [SAMPLE_DATE, None])
def test_a_restore_brings_everything_back_time_included(clock: str | None) -> None:
    with MockServer(seed="demo", clock=clock) as server:
        _live_a_little(server)
        server.snapshots.take("then")
        then = dump(server._runtime.world)
        server.clock.advance(days=40)
        server.client(SyncIsaUser, user="user_456").credits.consume(amount=10, reason="api")
        assert dump(server._runtime.world) != then
        server.snapshots.restore("then")
        assert dump(server._runtime.world) == then
        assert server.ledger.check().ok


def test_after_a_restore_the_same_calls_give_the_same_ids_and_due_work_falls_due_again() -> None:
    with MockServer(seed="demo", clock=SAMPLE_DATE) as server:
        _live_a_little(server)
        server.snapshots.take("then")

        def month() -> tuple[list[str], dict[str, Any]]:
            ran = server.clock.advance(days=31)
            return [job.kind for job in ran], dump(server._runtime.world)

        first = month()
        assert "period_end" in first[0]
        server.snapshots.restore("then")
        assert month() == first


def test_a_snapshot_is_not_touched_by_what_comes_after_and_can_be_restored_twice() -> None:
    with MockServer(seed="demo", clock=SAMPLE_DATE) as server:
        server.snapshots.take("then")
        then = dump(server._runtime.world)
        for _ in range(2):
            _live_a_little(server)
            server.clock.advance(days=40)
            server.snapshots.restore("then")
            assert dump(server._runtime.world) == then


def test_the_difference_names_rows_fields_balances_postings_and_events() -> None:
    with MockServer(seed="demo", clock=SAMPLE_DATE) as server:
        isa = server.client(SyncIsaUser, user="user_456")
        server.snapshots.take("before")
        assert not server.snapshots.diff("before")
        isa.payments.confirm_intent("pi_abc123", payment_method_id="pm_card_visa")
        found = server.snapshots.diff("before")
        intents = next(changes for name, changes in found.tables.items() if "pi_abc123" in changes.changed)
        before, after = intents.changed["pi_abc123"]
        assert (before.status, after.status) == ("requires_payment_method", "succeeded")
        assert found.balances["external:card", "usd"] == (-15_000, -17_999)
        assert [event.type for event in found.events] == ["payment.succeeded"]
        assert len(found.transactions) == 1
        server.snapshots.take("after")
        server.clock.advance(days=1)
        assert server.snapshots.diff("before", to="after").time[0].day == 28
        assert server.snapshots.diff("before").time[1].day == 29


def test_a_fork_lives_on_its_own_with_ids_of_its_own() -> None:
    with MockServer(seed="demo", clock=SAMPLE_DATE) as server:
        _live_a_little(server)
        server.snapshots.take("then")
        here = dump(server._runtime.world)
        fork = server.sandbox(server.snapshots.fork("then", "red"))
        assert fork.ledger.balance("wallet:user_456:available", "usd") == 20_000
        made = fork.client(SyncIsaUser, user="user_456").payments.create_intent(amount=2999, currency="usd")
        fork.clock.advance(days=31)
        assert dump(server._runtime.world) == here
        twin = server.client(SyncIsaUser, user="user_456").payments.create_intent(amount=2999, currency="usd")
        assert twin.payment_intent_id != made.payment_intent_id
        assert fork.ledger.check().ok


def test_webhook_endpoints_do_not_come_along_into_a_fork() -> None:
    """A sandbox has its own webhooks."""
    with MockServer() as server:
        seen: list[object] = []
        server.webhooks.add(seen.append)
        server.snapshots.take("then")
        fork = server.sandbox(server.snapshots.fork("then", "red"))
        fork.client(SyncIsaUser).payments.create_intent(amount=2999, currency="usd")
        assert seen == []
        assert fork.request("GET", "/_mock/webhooks").json()["data"] == []
        assert len(server.request("GET", "/_mock/webhooks").json()["data"]) == 1


def test_unknown_names_and_taken_sandboxes_are_refused() -> None:
    with MockServer() as server:
        for act in (server.snapshots.restore, server.snapshots.diff, server.snapshots.drop):
            with pytest.raises(DomainError, match="snapshot_not_found"):
                act("never")
        server.snapshots.take("then")
        with pytest.raises(DomainError, match="sandbox_exists"):
            server.snapshots.fork("then", "default")
        with pytest.raises(DomainError, match="snapshot_not_found"):
            server.sandbox("red").snapshots.restore("then")


def test_there_are_at_most_a_hundred_and_a_reset_clears_them() -> None:
    with MockServer() as server:
        for number in range(MAX_SNAPSHOTS):
            server.snapshots.take(f"s{number}")
        server.snapshots.take("s7")
        with pytest.raises(DomainError, match="100 snapshots"):
            server.snapshots.take("one-more")
        server.snapshots.drop("s7")
        server.snapshots.take("one-more")
        server.reset()
        assert server.snapshots.names() == []


def test_the_control_api_takes_restores_compares_forks_and_drops() -> None:
    with MockServer(seed="demo", clock=SAMPLE_DATE) as server:

        def call(method: str, path: str, body: Any = None) -> Any:
            answer = server.request(method, f"/_mock/snapshots{path}", json_body=body)
            return answer.status, answer.json() if answer.body else None

        assert call("POST", "/then")[0] == 201
        assert call("POST", "/then")[0] == 200
        isa = server.client(SyncIsaUser, user="user_456")
        isa.payments.confirm_intent("pi_abc123", payment_method_id="pm_card_visa")
        isa.payments.create_intent(amount=2999, currency="usd")
        status, found = call("GET", "/then/diff")
        assert status == 200
        change = {"before": "requires_payment_method", "after": "succeeded"}
        tables = found["tables"].values()
        assert change in [rows["changed"].get("pi_abc123", {}).get("status") for rows in tables]
        added = [row for rows in tables for row in rows["added"].values()]
        assert "[redacted]" in [row.get("client_secret") for row in added]
        assert [event["type"] for event in found["events"]] == ["payment.succeeded", "payment.created"]
        assert call("POST", "/then/fork", {"sandbox": "red"})[0] == 201
        assert call("POST", "/then/fork", {"sandbox": "red"})[1]["code"] == "sandbox_exists"
        assert call("POST", "/then/restore") == (200, {"now": SAMPLE_DATE, "frozen": True})
        assert server.events.types() == []
        assert [entry["name"] for entry in call("GET", "")[1]["data"]] == ["then"]
        assert call("DELETE", "/then")[0] == 204
        assert call("POST", "/then/restore")[1]["code"] == "snapshot_not_found"
        assert call("POST", "/no%20spaces")[0] == 422
