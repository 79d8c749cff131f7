"""All five services in one World, and what can be asked of them as data: steps that can be played again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from hypothesis import strategies as st

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.state import dump
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.payments import wiring as payments
from isa_mockserver.services.wallets import wiring as wallets
from tests.server.wallets.bank import Bank, Got

USERS = ("alice", "bob", "auth0|carol", "dora:available")
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


class Step(NamedTuple):
    """One thing that a user does: what, who, and two numbers that choose everything else about it."""

    action: str
    user: str
    n: int
    m: int


class Town(Bank):
    """Users of all services; `play` does a step, whatever comes of it. Time passes in so many strides."""

    services = ("payments", "wallets", "billing", "subscriptions", "credits")

    def __init__(self, *, strides: int = 1) -> None:
        super().__init__(*USERS, "admin")
        self.keys = 0
        self.strides = strides

    def play(self, step: Step) -> Got | None:
        """Do the step; None where there was nothing to do it to, or the world refused it."""
        try:
            return ACTIONS[step.action](self, step)
        except DomainError:
            return None

    def rows(self, table: str) -> list[Any]:
        """The committed rows of a table."""
        return list(self.world.tables[table].rows.values())

    def pick(self, table: str, step: Step) -> str | None:
        """The id of one of the newest rows: the user's own, at times anybody's (invariant 35)."""
        rows = [row for row in self.rows(table) if step.n % 7 == 0 or row.owner == step.user][-6:]
        return str(rows[step.n % len(rows)].id) if rows else None

    def state(self) -> dict[str, Any]:
        """All that the World holds, but for stored answers, which name the request that they answered."""
        document = dump(self.world)
        del document["tables"]["idempotency"]
        return document


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


def _twice(town: Town, step: Step) -> Got:
    """The same key again answers the same and leaves nothing (invariant 31)."""
    town.keys += 1
    key, body = f"key-{town.keys}", {**_money(step), "payment_method_id": _method(step.m)}
    first = town.post("/wallets/me/deposit", body, user=step.user, key=key)
    before = town.state()
    assert town.post("/wallets/me/deposit", body, user=step.user, key=key) == first or first.status == 422
    assert town.state() == before
    return first


def _intent(step: Step) -> dict[str, Any]:
    more = {"payment_method_id": _method(step.m), "confirm": True} if step.n % 3 else {}
    return {**_money(step), **more, "capture_method": "manual" if step.n % 7 == 1 else "automatic"}


def _invoice(step: Step) -> dict[str, Any]:
    item = {"description": "work", "quantity": 1 + step.n % 4, "unit_price": step.m * 10}
    more = {"auto_finalize": step.n % 3 > 0, "currency": CURRENCIES[step.n % len(CURRENCIES)]}
    return {"customer_id": step.user, "items": [item], **more}


def _use(town: Town, step: Step) -> Got:
    at = town.world.clock.now() - timedelta(seconds=(0, 0, 7_200, 40 * 86_400)[step.m % 4])
    body = {
        "metric": "api_calls",
        "quantity": QUANTITIES[step.n % len(QUANTITIES)],
        "timestamp": at.isoformat(),
    }
    return town.post("/billing/usage", {**body, "event_id": f"e{step.m}"}, user=step.user)


def _subscribe(step: Step) -> dict[str, Any]:
    return {"plan_id": _plan(step.n), "trial_days": (0, 0, 0, 5)[step.n % 4], **_maybe_method(step)}


def _change(town: Town, step: Step) -> Got:
    """Invariant 23: what the preview says is what is billed."""
    body = {"new_plan_id": _plan(step.n), "prorate": step.m % 3 > 0}
    preview = town.post("/subscriptions/me/change/preview", body, user=step.user)
    before = {row.id for row in town.rows("invoices")}
    got = town.post("/subscriptions/me/change", body, user=step.user)
    if got.status == 200 and preview.status == 200:
        made = [row.total for row in town.rows("invoices") if row.id not in before]
        assert sum(made) == preview.body["total"]
    return got


def _crypto(step: Step) -> dict[str, Any]:
    address = {"blockchain": "ethereum", "wallet_address": PAYER}
    return {"amount": 100 + step.m, "currency": "usdc", **address}


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
    "deposit_twice": _twice,
    "transfer": _post("/wallets/transfer", _transfer),
    "freeze": _freeze,
    "create_intent": _post("/payments/intent", _intent),
    "confirm": _on("payment_intents", "/payments/intent/{}/confirm", _maybe_method),
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
    "invoice": _post("/billing/invoices", _invoice),
    "finalize": _on("invoices", "/billing/invoices/{}/finalize"),
    "pay": _on("invoices", "/billing/invoices/{}/pay", _maybe_method),
    "void": _by_admin("invoices", "/billing/invoices/{}/void"),
    "uncollectible": _by_admin("invoices", "/billing/invoices/{}/mark_uncollectible"),
    "use": _use,
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
_OFTEN = tuple("subscribe wait wait next_due authenticate confirm pay refund change deposit".split())

steps = st.builds(
    Step,
    action=st.sampled_from([*ACTIONS, *_OFTEN]),
    user=st.sampled_from((*USERS, "alice", "alice")),
    n=st.integers(0, 10_000),
    m=st.integers(0, 999),
)


def played(script: Iterable[Step], town: Town | None = None) -> Town:
    """The town, by default a new one, after these steps."""
    town = town or Town()
    for step in script:
        town.play(step)
    return town
