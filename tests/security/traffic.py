"""Real traffic with every canary in it, between the SDK and a server process, and all that was seen of it."""

from __future__ import annotations

import json
import re
import socket
import time
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import anyio
from click.testing import CliRunner

from isa_mockserver.cli.group import cli
from isa_mockserver.testing.control import ControlError, SyncMockControl
from isa_user import IsaError, IsaUser, SyncIsaUser, Webhook
from isa_user.webhooks import sign
from tests.security import canaries as c
from tests.security.sinks import MY_SECRETS, VERIFYING, Seen, banner, open_files, receiver, rows, see_error
from tests.server.web.processes import LIMIT_S, Running, running

VISA = "pm_card_visa"
EFFECTS: Mapping[str, Mapping[str, Any]] = {
    "drop_before": {},
    "drop_after_commit": {},
    "malformed": {},
    "latency": {"latency_s": 2.0},
    "status": {"status": 503},
}
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "requests": ("requests",),
    "events": ("events",),
    "users": ("users",),
    "ledger": ("ledger",),
    "faults": ("faults",),
    "sandboxes": ("sandboxes",),
    "webhooks": ("webhooks",),
    "health": ("health",),
    "doctor": ("doctor",),
    "snapshots diff": ("snapshots", "diff", "before"),
}


def all_that_was_seen(folder: Path, logged: Callable[[], str]) -> Seen:
    """Run everything; `logged` gives what the test process itself wrote to its logs at DEBUG."""
    seen = Seen()
    file = folder / "state.db"
    with receiver(seen) as hooks:
        with running(*VERIFYING, "--data", str(file), "--webhook", hooks, **MY_SECRETS) as server:
            control = SyncMockControl(server.url, token=c.ADMIN_TOKEN)
            control.take_snapshot("before")
            _calls_that_succeed(seen, server)
            anyio.run(_async_call, seen, server)
            _calls_that_fail(seen, server, control)
            _raw_calls(seen, server)
            _wait_for_deliveries(seen)
            _control_calls(seen, control)
            _commands(seen, server, folder)
            seen.add("state file", *open_files(folder))
            _, out, log = server.stop()
        seen.add("server log", out, log)
    seen.add("state file", *rows(file))
    seen.add("logs of the SDK and httpx", logged())
    seen.add("banner", banner(folder))
    return seen


def _calls_that_succeed(seen: Seen, server: Running) -> None:
    isa = SyncIsaUser(server.url, token=c.TOKEN)
    intent = isa.payments.create_intent(
        amount=2999, currency="usd", metadata={"note": c.NOTE}, idempotency_key=c.IDEMPOTENCY_KEY
    )
    assert intent.client_secret is not None
    seen.secrets[c.CLIENT_SECRET] = str(intent.client_secret)
    made: list[Any] = [
        intent,
        isa.payments.confirm_intent(intent.payment_intent_id, payment_method_id=VISA),
        isa.payments.refund(intent.payment_intent_id, amount=100),
        isa.payments.get_history(),
        isa.wallets.deposit(amount=5000, currency="usd", payment_method_id=VISA),
        isa.wallets.transfer(to_user_id="user_789", amount=100, currency="usd", note=c.NOTE),
        isa.payments.create_crypto_payment(
            amount=100, currency="usdc", blockchain="ethereum", wallet_address=c.WALLET_ADDRESS
        ),
        isa.credits.purchase(package="credits_1000", payment_method_id=VISA),
        isa.subscriptions.create_subscription(plan_id="plan_pro_monthly", payment_method_id=VISA),
    ]
    for each in made:
        seen.add("models of the SDK", repr(each), str(each), vars(each), each._repr_html_())
        seen.add("responses of the SDK", repr(each.response), each.response.headers)
    webhook = Webhook(c.WEBHOOK_SECRET)
    seen.add("clients of the SDK", repr(isa), repr(isa.payments), repr(isa._core.config), repr(webhook))
    seen.add(
        "clients of the SDK", vars(isa), vars(isa.payments), vars(isa._core), sign(b"{}", c.WEBHOOK_SECRET)
    )
    isa.close()


async def _async_call(seen: Seen, server: Running) -> None:
    async with IsaUser(server.url, token=lambda: c.TOKEN) as isa:
        page = await isa.wallets.get_transactions(limit=1)
        seen.add("models of the SDK", repr(page), repr(page.data))
        seen.add("clients of the SDK", repr(isa), vars(isa), vars(isa._core))


def _calls_that_fail(seen: Seen, server: Running, control: SyncMockControl) -> None:
    isa = SyncIsaUser(server.url, token=c.TOKEN, max_retries=1)
    open_intent = isa.payments.create_intent(amount=2999, currency="usd").payment_intent_id
    fails: list[Callable[[], object]] = [
        lambda: isa.payments.confirm_intent(open_intent, payment_method_id="pm_card_chargeDeclined"),
        lambda: isa.payments.confirm_intent(open_intent, payment_method_id=c.CARD_NUMBER),
        lambda: isa.wallets.deposit(amount=1, currency="usd", payment_method_id=c.CARD_NUMBER_SPACED),
        lambda: isa.payments.get_intent(seen.secrets[c.CLIENT_SECRET]),
        lambda: isa.payments.get_intent("pi_1", token=c.REFUSED_TOKEN),
        lambda: isa.wallets.get_transactions(cursor="no-such-cursor"),
        lambda: isa.payments.create_intent(amount=5, currency="usd", idempotency_key=c.IDEMPOTENCY_KEY),
        lambda: isa.wallets.get_balance(token=f"{c.TOKEN} x"),
        lambda: isa.wallets.get_balance(extra_headers={"x-odd": f"{c.COOKIE}\r\n"}),
        SyncIsaUser(f"http://127.0.0.1:{_closed_port()}", token=c.TOKEN).wallets.get_balance,
        *(partial(_struck, isa, control, effect) for effect in EFFECTS),
    ]
    for fail in fails:
        try:
            fail()
        except IsaError as error:
            see_error(seen, error)
        else:
            raise AssertionError("this call was to fail")
    isa.close()


def _struck(isa: SyncIsaUser, control: SyncMockControl, effect: str) -> None:
    control.call("add_fault", body={"effect": effect, "times": 4, **EFFECTS[effect]})
    try:
        isa.payments.create_intent(
            amount=2999,
            currency="usd",
            metadata={"note": c.NOTE},
            idempotency_key=f"{c.IDEMPOTENCY_KEY}-{effect}",
            timeout=0.5,
        )
    finally:
        control.clear_faults()


def _raw_calls(seen: Seen, server: Running) -> None:
    """What no SDK would send; every answer is a problem document."""
    body = {"amount": c.CARD_NUMBER, "client_secret": seen.secrets[c.CLIENT_SECRET], c.REFUSED_TOKEN: 1}
    intent, good = "/api/v1/payments/intent", {"authorization": f"Bearer {c.TOKEN}", "cookie": c.COOKIE}
    asked: list[tuple[str, str, Mapping[str, str], Any]] = [
        ("POST", intent, {"authorization": f"Basic {c.BASIC}"}, body),
        ("POST", intent, {"authorization": f"Bearer {c.REFUSED_TOKEN}"}, body),
        ("POST", intent, good, body),
        ("POST", intent, good, json.dumps(body)[:-1]),
        ("POST", intent, {**good, "content-type": f"text/{c.COOKIE}"}, "{}"),
        ("POST", intent, {**good, "idempotency-key": f"{c.IDEMPOTENCY_KEY}\xe9"}, body),
        ("GET", f"/api/v1/payments/history?token={c.QUERY_TOKEN}&limit={c.CARD_NUMBER}", good, None),
        ("GET", f"/api/v1/payments/intent/{seen.secrets[c.CLIENT_SECRET]}", good, None),
        ("GET", f"/api/v1/payments/intent/{c.REFUSED_TOKEN}", good, None),
        ("GET", f"/nothing/{c.CARD_NUMBER}", good, None),
        ("PUT", f"/_mock/clock/{c.CARD_NUMBER}", good, body),
        ("GET", "/_mock/state", good, None),
    ]
    # Not by httpx, which logs the addresses that it is given: here the log of the SDK's own calls counts.
    http = HTTPConnection("127.0.0.1", server.ports["gateway"], timeout=LIMIT_S)
    for method, path, headers, content in asked:
        sent = content if isinstance(content, str) else json.dumps(content)
        http.request(method, path, sent, {"content-type": "application/json", **headers})
        answer = http.getresponse()
        assert 400 <= answer.status < 500
        seen.add("problem documents", answer.read().decode(), answer.headers)
    http.close()


def _control_calls(seen: Seen, control: SyncMockControl) -> None:
    seen.add("journal", json.dumps(control.call("list_requests")))
    events = control.call("list_events")
    seen.add("events", json.dumps(events))
    for event in events["data"]:
        found = control.call("list_deliveries", path={"id": event["id"]})
        seen.add("deliveries", json.dumps(found))
    seen.add("state export", json.dumps(control.save_state()))
    seen.add("snapshot diff", json.dumps(control.call("diff_snapshot", path={"name": "before"})))
    seen.add("control client", repr(control), vars(control), repr(control.list_webhooks(secrets=True)))
    try:
        control.remove_fault("fault_0")
    except ControlError as error:
        seen.add("control client", repr(error), *traceback.format_exception(error))


def _commands(seen: Seen, server: Running, folder: Path) -> None:
    where = {"ISA_MOCKSERVER_URL": server.url, "ISA_MOCKSERVER_TOKEN": c.ADMIN_TOKEN}
    runner = CliRunner(env=where)
    for name, words in COMMANDS.items():
        for flags in ((), ("--json",)):
            seen.add(" ".join(("$", name, *flags)), runner.invoke(cli, [*words, *flags]).output)
    saved = folder / "saved.json"
    seen.add("$ state save", runner.invoke(cli, ["state", "save", str(saved)]).output)
    seen.add("state saved by the command", saved.read_text(encoding="utf-8"))
    refused = runner.invoke(cli, ["state", "save", str(saved), "--token", c.REFUSED_TOKEN])
    assert refused.exit_code == 1
    seen.add("$ state save", refused.output)


def _wait_for_deliveries(seen: Seen) -> None:
    ends_at = time.monotonic() + LIMIT_S
    while len(re.findall('"type":', seen.sinks.get("webhook bodies", ""))) < 8:
        assert time.monotonic() < ends_at
        time.sleep(0.05)


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
