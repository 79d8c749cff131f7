"""What each control call is asked and must answer: one function for each, the same for both colours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from isa_mockserver.kernel.clock import wall_now
from isa_mockserver.testing import MockServer
from isa_user import SyncIsaUser

from .conftest import Ask

START = datetime(2024, 1, 28, 10, tzinfo=UTC)
ADDRESS = "0x52908400098527886E0F7030069857D2E4169EE7"
RECEIVER = "http://127.0.0.1:1/hook"

Case = Callable[[Ask, MockServer], None]


def _health(ask: Ask, server: MockServer) -> None:
    found = ask("health")
    assert (found.status, found.dependencies["wallet_service"]) == ("healthy", "healthy")


def _reset(ask: Ask, server: MockServer) -> None:
    server.clock.advance(days=1)
    assert (ask("reset").now, server.clock.now()) == (START, START)


def _state(ask: Ask, server: MockServer) -> None:
    saved = ask("save_state")
    ask("make_user", "alice")
    assert ask("load_state", saved).now == START
    assert [user.user_id for user in ask("list_users")] == ["user_456", "user_789"]


def _clock(ask: Ask, server: MockServer) -> None:
    moved = ask("move_clock", advance=timedelta(days=31))
    assert moved.now == START + timedelta(days=31)
    assert [(job.kind, job.due) for job in moved.ran] == [("grant_expiry", START + timedelta(days=29))]
    assert ask("move_clock", to="2024-03-01T00:00:00Z").now == datetime(2024, 3, 1, tzinfo=UTC)
    assert ask("move_clock", to=datetime(2024, 3, 2, tzinfo=UTC)).frozen
    assert not ask("move_clock", unfreeze=True).frozen
    assert ask("move_clock", freeze=True).frozen
    assert ask("get_clock").frozen


def _ledger(ask: Ask, server: MockServer) -> None:
    found = ask("get_ledger", account="wallet:user_456:available", limit=5)
    assert [(each.currency, each.balance) for each in found.accounts] == [("usd", 15_000)]
    amounts = {posting.amount for each in found.transactions for posting in each.postings}
    assert 15_000 in amounts
    assert found.transactions[0].at == START
    assert ask("check_ledger").ok
    assert ask("check_ledger").currencies["usd"] == 0


def _snapshots(ask: Ask, server: MockServer) -> None:
    assert ask("take_snapshot", "then").clock.now == START
    ask("make_user", "alice")
    changes = ask("diff_snapshot", "then")
    assert set(changes.tables["users"].added) == {"alice"}
    ask("take_snapshot", "later")
    assert not ask("diff_snapshot", "then", to="then").tables
    assert [each.name for each in ask("list_snapshots")] == ["then", "later"]
    assert ask("fork_snapshot", "then", "branch").users == 2
    assert ask("restore_snapshot", "then").now == START
    assert len(ask("list_users")) == 2
    assert ask("drop_snapshot", "then") is None
    assert [each.name for each in ask("list_snapshots")] == ["later"]
    ask("drop_sandbox", "branch")


def _sandboxes(ask: Ask, server: MockServer) -> None:
    made = ask("make_sandbox", "red", seed="demo", clock=datetime(2030, 1, 1, tzinfo=UTC))
    assert (made.clock.now, made.users) == (datetime(2030, 1, 1, tzinfo=UTC), 2)
    assert [each.name for each in ask("list_sandboxes")] == ["default", "red"]
    assert ask("drop_sandbox", "red") is None
    ask("make_sandbox", "green")
    assert ask("drop_sandboxes") == 1


def _users(ask: Ask, server: MockServer) -> None:
    assert ask("make_user", "alice").created_at == START
    assert [user.user_id for user in ask("list_users")] == ["user_456", "user_789", "alice"]


def _token(ask: Ask, server: MockServer) -> None:
    made = ask("make_token", "alice", roles=["admin"], ttl=3600)
    assert (made.sub, list(made.roles)) == ("alice", ["admin"])
    assert abs(made.expires_at - wall_now() - timedelta(hours=1)) < timedelta(minutes=1)
    headers = {"Authorization": f"Bearer {made.token}"}
    assert server.request("GET", "/api/v1/wallets/me", user=None, headers=headers).status == 200


def _requests(ask: Ask, server: MockServer) -> None:
    server.client(SyncIsaUser, user="alice").wallets.get_balance()
    server.request("GET", "/api/v1/nothing", user="alice")
    found = ask("list_requests", user="alice", status="4xx")
    assert [(each.code, each.status) for each in found.data] == [("route_not_found", 404)]
    assert ask("list_requests", limit=1).has_more
    assert ask("list_requests").counts.by_operation == {"get_balance": 1, "none": 1}
    assert ask("clear_requests") == 2


def _faults(ask: Ask, server: MockServer) -> None:
    first = ask("add_fault", "status", operation="get_balance", status=503, times=None)
    assert (first.match.operation, first.status, first.times) == ("get_balance", 503, None)
    assert server.request("GET", "/api/v1/wallets/me").status == 503
    assert [(each.matched, each.struck) for each in ask("list_faults")] == [(1, 1)]
    assert ask("remove_fault", first.fault_id) is None
    assert ask("add_fault", latency_s=0.5, user="alice", nth=2).effect == "latency"
    assert ask("clear_faults") == 1


def _events(ask: Ask, server: MockServer) -> None:
    sent = ask("trigger_event", "refund.created", user="alice", changes={"amount": 7})
    assert (sent.type, sent.object["amount"]) == ("refund.created", 7)
    assert ask("show_event", sent.id) == sent
    assert list(ask("list_events", type_="refund.created", since=0, limit=1).data) == [sent]
    assert list(ask("list_events", since=sent.sequence).data) == []
    assert list(ask("list_events", since=START).data) == [sent]


def _webhooks(ask: Ask, server: MockServer) -> None:
    made = ask("add_webhook", RECEIVER, events=["refund.created"], description="mine")
    assert made.secret.startswith("whsec_")
    assert [each.secret for each in ask("list_webhooks")] == [None]
    assert [each.secret for each in ask("list_webhooks", secrets=True)] == [made.secret]
    turned = ask("rotate_webhook_secret", made.webhook_id)
    assert (turned.old_secret, turned.old_secret_until) == (made.secret, START + timedelta(hours=24))
    assert ask("show_webhook", made.webhook_id, secrets=True).secret == turned.secret
    assert not ask("change_webhook", made.webhook_id, enabled=False).enabled
    assert ask("remove_webhook", made.webhook_id) is None
    assert ask("list_webhooks") == []


def _deliveries(ask: Ask, server: MockServer) -> None:
    hook = ask("add_webhook", RECEIVER)
    event = ask("trigger_event", "refund.created")
    assert [each.webhook_id for each in ask("list_deliveries", event.id)] == [hook.webhook_id]
    again = ask("redeliver_event", event.id, webhook_id=hook.webhook_id)
    assert [(each.event_id, each.state) for each in again] == [(event.id, "pending")]


def _authenticate(ask: Ask, server: MockServer) -> None:
    isa = server.client(SyncIsaUser, user="alice")
    made = isa.payments.create_intent(
        amount=900, currency="usd", payment_method_id="pm_card_threeDSecure2Required", confirm=True
    )
    assert ask("authenticate_intent", made.payment_intent_id).status == "succeeded"


def _crypto(ask: Ask, server: MockServer) -> None:
    isa = server.client(SyncIsaUser, user="alice")
    asked = {"amount": 100, "currency": "usdc", "blockchain": "ethereum", "wallet_address": ADDRESS}
    first, second = (isa.payments.create_crypto_payment(**asked).crypto_payment_id for _ in range(2))  # type: ignore[arg-type]
    ask("add_crypto_transaction", first, tx_hash="0x1", amount=60)
    ask("drop_crypto_transaction", first, "0x1")
    assert ask("add_crypto_transaction", first, tx_hash="0x2", amount=100).status == "confirming"
    assert ask("add_crypto_confirmations", first, 12).status == "confirmed"
    ask("add_crypto_transaction", second, tx_hash="0x3", amount=60)
    ask("move_clock", advance=timedelta(days=1))
    assert ask("resolve_crypto_payment", second, "accept").status == "confirmed"


def _freeze(ask: Ask, server: MockServer) -> None:
    assert ask("freeze_wallet", "user_456").frozen
    assert not ask("freeze_wallet", "user_456", frozen=False).frozen


def _grants(ask: Ask, server: MockServer) -> None:
    lasting = ask("give_credits", "alice", 30, expires_at=None)
    assert (lasting.remaining, lasting.source, lasting.expires_at) == (30, "promo", None)
    ending = ask("give_credits", "alice", 12, source="adjustment", expires_at=START + timedelta(days=1))
    assert ending.expires_at == START + timedelta(days=1)
    assert server.client(SyncIsaUser, user="alice").credits.get_balance().total_credits == 42


CASES: Mapping[str, Case] = {
    "health": _health,
    "reset": _reset,
    **dict.fromkeys(("save_state", "load_state"), _state),
    **dict.fromkeys(("get_clock", "move_clock"), _clock),
    **dict.fromkeys(("get_ledger", "check_ledger"), _ledger),
    **dict.fromkeys(
        (
            "list_snapshots",
            "take_snapshot",
            "drop_snapshot",
            "restore_snapshot",
            "fork_snapshot",
            "diff_snapshot",
        ),
        _snapshots,
    ),
    **dict.fromkeys(("list_sandboxes", "make_sandbox", "drop_sandboxes", "drop_sandbox"), _sandboxes),
    **dict.fromkeys(("list_users", "make_user"), _users),
    "make_token": _token,
    **dict.fromkeys(("list_requests", "clear_requests"), _requests),
    **dict.fromkeys(("list_faults", "add_fault", "clear_faults", "remove_fault"), _faults),
    **dict.fromkeys(("list_events", "show_event", "trigger_event"), _events),
    **dict.fromkeys(("list_deliveries", "redeliver_event"), _deliveries),
    **dict.fromkeys(
        (
            "list_webhooks",
            "add_webhook",
            "show_webhook",
            "change_webhook",
            "remove_webhook",
            "rotate_webhook_secret",
        ),
        _webhooks,
    ),
    "authenticate_intent": _authenticate,
    **dict.fromkeys(
        (
            "add_crypto_transaction",
            "drop_crypto_transaction",
            "add_crypto_confirmations",
            "resolve_crypto_payment",
        ),
        _crypto,
    ),
    "freeze_wallet": _freeze,
    "give_credits": _grants,
}
"""Operation -> the case that calls it."""
