"""What can be done in a town, as data: steps that can be played again."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from isa_mockserver.kernel.clock import format_time
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.payments import wiring as payments
from isa_mockserver.services.wallets import wiring as wallets
from tests.server.wallets.bank import Got

from .chronicle import Changed, Windows
from .town import USERS, Step, Town

METHODS = (
    "pm_card_visa",
    "pm_card_visa",
    "pm_card_mastercard",
    "pm_wallet",
    "pm_card_chargeDeclined",
    "pm_card_chargeDeclinedLostCard",
    "pm_card_chargeCustomerFail",
    "pm_card_authenticationRequired",
    "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
    "pm_card_pendingRefund",
    "pm_card_refundFail",
    "pm_bank_success",
    "pm_bank_fail",
)
CURRENCIES = ("usd", "usd", "usd", "eur", "jpy", "kwd")
PLANS = ("plan_pro_monthly", "plan_enterprise_annual", "plan_free")
PACKAGES = ("credits_100", "credits_500", "credits_1000")
QUANTITIES = (1, 900, 30_000, 70_000)
WAITS = (1, 900, 3_600, 7_200, 86_400, 3 * 86_400, 13 * 86_400, 31 * 86_400, 100 * 86_400, 400 * 86_400)
PAYER = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"

Action = Callable[[Town, Step], Got | None]


def _method(number: int) -> str:
    return METHODS[number % len(METHODS)]


def _plan(number: int) -> str:
    return PLANS[number % len(PLANS)]


def _on(table: str, path: str, body: Callable[[Step], Mapping[str, Any]] = lambda step: {}) -> Action:
    """A POST to a path of a row that may be anybody's."""

    def act(town: Town, step: Step) -> Got | None:
        target = town.pick(table, step)
        return town.post(path.format(target), body(step), user=step.user) if target else None

    return act


def _by_admin(table: str, path: str) -> Action:
    def act(town: Town, step: Step) -> Got | None:
        target = town.pick(table, step)
        return town.post(path.format(target), user="admin") if target else None

    return act


def _post(path: str, body: Callable[[Step], Mapping[str, Any]] = lambda step: {}) -> Action:
    return lambda town, step: town.post(path, body(step), user=step.user)


def _world(work: Callable[[Unit, Town, Step, str], object], table: str) -> Action:
    """What the world around does to a row: no request."""

    def act(town: Town, step: Step) -> None:
        if target := town.pick(table, step):
            town.do(lambda unit: work(unit, town, step, target))

    return act


def _money(step: Step, most: int = 20_000) -> dict[str, Any]:
    currency = CURRENCIES[step.n % len(CURRENCIES)]
    amount = 50 + step.m * most // 1000
    return {"amount": amount * 10 if currency == "kwd" else amount, "currency": currency}


def _some(step: Step) -> dict[str, Any]:
    """A part, where the number says so; else all."""
    return {"amount": 1 + step.m * 5} if step.m % 2 else {}


def _maybe_method(step: Step) -> dict[str, Any]:
    return {"payment_method_id": _method(step.m)} if step.m % 5 else {}


def _intent(step: Step) -> dict[str, Any]:
    more = {"payment_method_id": _method(step.m), "confirm": True} if step.n % 3 else {}
    return {**_money(step), **more, "capture_method": "manual" if step.n % 7 == 1 else "automatic"}


def _invoice(step: Step) -> dict[str, Any]:
    item = {"description": "work", "quantity": 1 + step.n % 4, "unit_price": step.m * 10}
    more = {"auto_finalize": step.n % 3 > 0, "currency": CURRENCIES[step.n % len(CURRENCIES)]}
    return {"customer_id": step.user, "items": [item], **more}


def _event(town: Town, step: Step, number: int) -> dict[str, Any]:
    at = town.world.clock.now() - timedelta(seconds=(0, 0, 7_200, 40 * 86_400)[number % 4])
    body = {"metric": "api_calls", "quantity": QUANTITIES[(step.n + number) % len(QUANTITIES)]}
    return {**body, "timestamp": at.isoformat(), "event_id": f"e{number}"}


def _use(town: Town, step: Step) -> Got:
    got = town.post("/billing/usage", _event(town, step, step.m), user=step.user)
    _report(town, step.user)
    return got


def _use_batch(town: Town, step: Step) -> Got:
    """Some events, one of them twice (rules US-8)."""
    events = [_event(town, step, step.m + number) for number in (0, 1, 5, 0)]
    got = town.post("/billing/usage/batch", {"events": events}, user=step.user)
    _report(town, step.user)
    return got


def _report(town: Town, user: str) -> None:
    """Ask for the usage of this month in every window (invariant 16)."""
    start = town.world.clock.now().replace(day=1, hour=0, minute=0, second=0)
    end = (start + timedelta(days=31)).replace(day=1)
    asked = f"/billing/usage?metric=api_calls&start={format_time(start)}&end={format_time(end)}"
    reported: dict[str, tuple[int, list[int]]] = {}
    for window in ("hour", "day", "month"):
        body = town.get(f"{asked}&window={window}", user=user).body
        reported[window] = (body["total"], [part["quantity"] for part in body["data"]])
    town.chronicle.windows.append(Windows(user, start, end, reported))


def _subscribe(step: Step) -> dict[str, Any]:
    return {"plan_id": _plan(step.n), "trial_days": (0, 0, 0, 5)[step.n % 4], **_maybe_method(step)}


def _change(town: Town, step: Step) -> Got:
    """A change of plan, and before it its preview (invariant 23)."""
    body = {"new_plan_id": _plan(step.n), "prorate": step.m % 3 > 0}
    preview = town.post("/subscriptions/me/change/preview", body, user=step.user)
    before = {row.id for row in town.rows("invoices")}
    got = town.post("/subscriptions/me/change", body, user=step.user)
    if got.status == 200 and preview.status == 200:
        made = [row for row in town.rows("invoices") if row.id not in before]
        town.chronicle.changes.append(Changed(preview.body, made))
    return got


def _crypto(step: Step) -> dict[str, Any]:
    address = {"blockchain": "ethereum", "wallet_address": PAYER}
    return {"amount": 100 + step.m, "currency": "usdc", **address}


def _edit_draft(town: Town, step: Step) -> Got | None:
    """Change a draft, or remove it (rules 4.1)."""
    drafts = [row for row in town.rows("invoices") if row.status == "draft" and row.owner == step.user]
    if not drafts:
        return None
    path = f"/billing/invoices/{drafts[step.n % len(drafts)].id}"
    if step.m % 3 == 0:
        return town.delete(path, user=step.user)
    return town.patch(path, {"items": _invoice(step)["items"]}, user=step.user)


def _attach(town: Town, step: Step) -> Got | None:
    target = town.pick("payment_intents", step)
    body = {"payment_method_id": _method(step.m)}
    return town.patch(f"/payments/intent/{target}", body, user=step.user) if target else None


def _transfer(step: Step) -> dict[str, Any]:
    return {"to_user_id": USERS[step.m % len(USERS)], **_money(step)}


def _give(town: Town, step: Step) -> None:
    lives = (None, 1, 29, 31, 90)[step.n % 5]
    town.give(1 + step.m, user=step.user, days=lives)


def _freeze(town: Town, step: Step) -> None:
    town.do(lambda unit: wallets.set_frozen(unit, step.user, step.m % 4 == 0))


def _wait(town: Town, step: Step) -> None:
    whole = WAITS[step.n % len(WAITS)]
    for stride in range(town.strides):
        town.world.advance(whole * (stride + 1) // town.strides - whole * stride // town.strides)


def _next_due(town: Town, step: Step) -> None:
    due = min((job.due for job in town.world.schedule.jobs.values()), default=None)
    if due is not None and due - town.world.clock.now() < timedelta(days=700):
        town.world.move_to(max(due, town.world.clock.now()))


ACTIONS: Mapping[str, Action] = {
    "deposit": _post("/wallets/me/deposit", lambda s: {**_money(s), "payment_method_id": _method(s.m)}),
    "transfer": _post("/wallets/transfer", _transfer),
    "freeze": _freeze,
    "create_intent": _post("/payments/intent", _intent),
    "confirm": _on("payment_intents", "/payments/intent/{}/confirm", _maybe_method),
    "attach": _attach,
    "capture": _on("payment_intents", "/payments/intent/{}/capture", _some),
    "cancel_intent": _on("payment_intents", "/payments/intent/{}/cancel"),
    "refund": _on("payments", "/payments/{}/refund", _some),
    "authenticate": _world(
        lambda unit, town, step, target: payments.authenticate(
            unit, target, "success" if step.m % 3 else "failure"
        ),
        "payment_intents",
    ),
    "crypto": _post("/payments/crypto", _crypto),
    "chain_transfer": _world(
        lambda unit, town, step, target: payments.add_transaction(
            unit, target, tx_hash=f"0x{step.m}", amount=1 + step.m
        ),
        "crypto_payments",
    ),
    "chain_blocks": _world(
        lambda unit, town, step, target: payments.add_confirmations(unit, target, 12), "crypto_payments"
    ),
    "chain_drops": _world(
        lambda unit, town, step, target: payments.drop_transaction(unit, target, f"0x{step.m}"),
        "crypto_payments",
    ),
    "chain_resolve": _world(
        lambda unit, town, step, target: payments.resolve_crypto_payment(
            unit, target, "accept" if step.m % 2 else "refund"
        ),
        "crypto_payments",
    ),
    "cancel_crypto": _on("crypto_payments", "/payments/crypto/{}/cancel"),
    "invoice": _post("/billing/invoices", _invoice),
    "edit_draft": _edit_draft,
    "finalize": _on("invoices", "/billing/invoices/{}/finalize"),
    "pay": _on("invoices", "/billing/invoices/{}/pay", _maybe_method),
    "void": _by_admin("invoices", "/billing/invoices/{}/void"),
    "uncollectible": _by_admin("invoices", "/billing/invoices/{}/mark_uncollectible"),
    "use": _use,
    "use_batch": _use_batch,
    "subscribe": _post("/subscriptions", _subscribe),
    "change": _change,
    "cancel": _post(
        "/subscriptions/me/cancel", lambda s: {"at_period_end": s.m % 2 == 0, "prorate": s.m % 3 == 0}
    ),
    "pause": _post("/subscriptions/me/pause"),
    "resume": _post("/subscriptions/me/resume", _maybe_method),
    "purchase": _post(
        "/credits/purchase", lambda s: {"package": PACKAGES[s.n % 3], "payment_method_id": _method(s.m)}
    ),
    "give": _give,
    "consume": _post("/credits/consume", lambda s: {"amount": 1 + s.m, "reason": "walk"}),
    "refund_consumption": _on("credit_consumptions", "/credits/consumptions/{}/refund", _some),
    "reserve": _post(
        "/credits/reserve",
        lambda s: {"amount": 1 + s.m, "reason": "walk", "ttl_seconds": (1, 900, 86_400)[s.n % 3]},
    ),
    "commit": _on("credit_reservations", "/credits/reservations/{}/commit", _some),
    "release": _on("credit_reservations", "/credits/reservations/{}/release"),
    "wait": _wait,
    "next_due": _next_due,
}
_OFTEN = tuple("subscribe use wait wait next_due authenticate confirm pay refund change deposit".split())

_ALL = (*ACTIONS, *_OFTEN)
_WHO = (*USERS, "alice", "alice")

steps = st.builds(
    Step,
    action=st.sampled_from(_ALL),
    user=st.sampled_from(_WHO),
    n=st.integers(0, 10_000),
    m=st.integers(0, 999),
)


def drawn(seed: str) -> Iterator[Step]:
    """Steps without end, the same for the same seed."""
    chance = random.Random(seed)
    while True:
        yield Step(
            chance.choice(_ALL), chance.choice(_WHO), chance.randint(0, 10_000), chance.randint(0, 999)
        )


def play(town: Town, step: Step) -> Got | None:
    """Do the step; None where there was nothing to do it to, or the world refused it."""
    town.twice = (step.n + step.m) % 5 == 0
    try:
        return ACTIONS[step.action](town, step)
    except DomainError:
        return None
    finally:
        town.twice = False


def played(script: Iterable[Step], town: Town | None = None) -> Town:
    """The town, by default a new one, after these steps."""
    town = town or Town()
    for step in script:
        play(town, step)
    return town
