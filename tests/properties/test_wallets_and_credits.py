"""Random walks over wallets, credits and the payments behind them (rules 8.8)."""

from __future__ import annotations

from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from tests.server.wallets.bank import Got

from .laws import violations
from .town import Town

USERS = ("alice", "bob", "auth0|carol")
PACKAGE_IDS = ("credits_100", "credits_500", "credits_1000")

users = st.sampled_from(USERS)
methods = st.sampled_from(
    (
        "pm_card_visa",
        "pm_card_visa",
        "pm_card_chargeDeclined",
        "pm_card_authenticationRequired",
        "pm_card_refundFail",
        "pm_card_pendingRefund",
        "pm_bank_success",
        "pm_bank_fail",
    )
)
cents = st.integers(min_value=50, max_value=20_000)
counts = st.integers(min_value=1, max_value=600)
days = st.sampled_from((0, 1, 3, 29, 31, 90, 200, 366))


class WalletsAndCredits(RuleBasedStateMachine):
    """Users deposit, transfer, buy, spend, hold and refund while time passes; the books stay in order."""

    intents: Bundle[tuple[str, str]] = Bundle("intents")
    consumptions: Bundle[tuple[str, str]] = Bundle("consumptions")
    reservations: Bundle[tuple[str, str]] = Bundle("reservations")

    def __init__(self) -> None:
        super().__init__()
        self.bank = Town()
        self.keys = 0

    @initialize()
    def fund(self) -> None:
        for user in USERS:
            self.bank.give(300, user=user, days=40)
            body = {"amount": 10_000, "currency": "usd", "payment_method_id": "pm_card_visa"}
            assert self.bank.post("/wallets/me/deposit", body, user=user).status == 201

    def post(self, user: str, path: str, **body: Any) -> Got:
        """Call, and hold a refusal against invariant 32: unless it is a decline, it leaves no trace."""
        before = self._footprint()
        got = self.bank.post(path, body, user=user)
        assert got.status < 500, got.body
        if got.status >= 400 and not got.body.get("decline_code"):
            assert self._footprint() == before, got.body
        return got

    @rule(target=intents, user=users, amount=cents, method=methods)
    def deposit(self, user: str, amount: int, method: str) -> Any:
        body = {"amount": amount, "currency": "usd", "payment_method_id": method}
        return self._intent(user, self.post(user, "/wallets/me/deposit", **body))

    @rule(user=users, amount=cents)
    def deposit_twice_under_one_key(self, user: str, amount: int) -> None:
        self.keys += 1
        body = {"amount": amount, "currency": "usd", "payment_method_id": "pm_card_visa"}
        first = self.bank.post("/wallets/me/deposit", body, user=user, key=f"key-{self.keys}")
        after = self._footprint()
        assert self.bank.post("/wallets/me/deposit", body, user=user, key=f"key-{self.keys}") == first
        assert self._footprint() == after

    @rule(sender=users, recipient=users, amount=st.integers(min_value=1, max_value=15_000))
    def transfer(self, sender: str, recipient: str, amount: int) -> None:
        before = self._all_money()
        self.post(sender, "/wallets/transfer", to_user_id=recipient, amount=amount, currency="usd")
        assert self._all_money() == before

    @rule(target=intents, user=users, package=st.sampled_from(PACKAGE_IDS), method=methods)
    def purchase(self, user: str, package: str, method: str) -> Any:
        body = {"package": package, "payment_method_id": method}
        return self._intent(user, self.post(user, "/credits/purchase", **body))

    @rule(target=intents, user=users, package=st.sampled_from(PACKAGE_IDS))
    def purchase_from_the_wallet(self, user: str, package: str) -> Any:
        before = self._footprint()
        got = self.bank.post(
            "/credits/purchase", {"package": package, "payment_method_id": "pm_wallet"}, user=user
        )
        if got.status == 402:
            assert self._footprint()[0] == before[0]
            return multiple()
        return self._intent(user, got)

    @rule(intent=intents, outcome=st.sampled_from(("success", "failure")))
    def authenticate(self, intent: tuple[str, str], outcome: Any) -> None:
        if self.bank.world.tables["payment_intents"].rows[intent[1]].status == "requires_action":
            self.bank.authenticate(intent[1], outcome)

    @rule(intent=intents)
    def confirm_again(self, intent: tuple[str, str]) -> None:
        user, intent_id = intent
        self.post(user, f"/payments/intent/{intent_id}/confirm", payment_method_id="pm_card_visa")

    @rule(intent=intents, amount=st.integers(min_value=1, max_value=9_000))
    def refund(self, intent: tuple[str, str], amount: int) -> None:
        self.post(intent[0], f"/payments/{intent[1]}/refund", amount=amount)

    @rule(user=users, amount=counts, lives=st.sampled_from((1, 10, 30, 31, 90, None)))
    def grant(self, user: str, amount: int, lives: int | None) -> None:
        self.bank.give(amount, user=user, days=lives)

    @rule(target=consumptions, user=users, amount=counts)
    def consume(self, user: str, amount: int) -> Any:
        self.bank.world.catch_up()
        available = self.bank.get("/credits/me", user=user).body["available_credits"]
        got = self.post(user, "/credits/consume", amount=amount, reason="walk")
        assert (got.status == 200) == (available >= amount)
        return multiple((user, got.body["consumption_id"])) if got.status == 200 else multiple()

    @rule(consumption=consumptions, amount=counts)
    def refund_consumption(self, consumption: tuple[str, str], amount: int) -> None:
        self.post(consumption[0], f"/credits/consumptions/{consumption[1]}/refund", amount=amount)

    @rule(target=reservations, user=users, amount=counts, ttl=st.sampled_from((1, 900, 86_400)))
    def reserve(self, user: str, amount: int, ttl: int) -> Any:
        got = self.post(user, "/credits/reserve", amount=amount, reason="walk", ttl_seconds=ttl)
        return multiple((user, got.body["reservation_id"])) if got.status == 201 else multiple()

    @rule(reservation=reservations, amount=counts)
    def commit(self, reservation: tuple[str, str], amount: int) -> None:
        self.post(reservation[0], f"/credits/reservations/{reservation[1]}/commit", amount=amount)

    @rule(reservation=consumes(reservations))
    def release(self, reservation: tuple[str, str]) -> None:
        self.post(reservation[0], f"/credits/reservations/{reservation[1]}/release")

    @rule(days=days, seconds=st.sampled_from((0, 1, 900)))
    def pass_time(self, days: int, seconds: int) -> None:
        self.bank.advance(days=days, seconds=seconds)

    @invariant()
    def all_laws(self) -> None:
        assert violations(self.bank) == []
        self.bank.chronicle.turn_page()

    def _intent(self, user: str, got: Got) -> Any:
        held = got.body if got.status < 400 else got.body.get("context", {})
        intent_id = held.get("payment_intent_id")
        return multiple((user, intent_id)) if intent_id else multiple()

    def _footprint(self) -> tuple[int, int]:
        return len(self.bank.world.ledger.transactions), len(self.bank.world.events)

    def _all_money(self) -> int:
        return sum(self.bank.balance(f"wallet:{user}:available", "usd") for user in USERS)


WalletsAndCredits.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
)
TestWalletsAndCredits = WalletsAndCredits.TestCase
