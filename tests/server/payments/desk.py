"""A World with payments alone, and a short way to work in it: one Unit a call, signals kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from isa_mockserver.kernel.clock import Clock
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.ids import IdSource
from isa_mockserver.kernel.ledger import Posting, Reference
from isa_mockserver.kernel.store import R, TableSpec
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.kernel.world import Blueprint, World
from isa_mockserver.services import ports
from isa_mockserver.services.payments import wiring
from isa_mockserver.services.payments.model.crypto import CRYPTO_PAYMENTS, CryptoPayment
from isa_mockserver.services.payments.model.intent import ATTEMPTS, INTENTS, Attempt, Intent
from isa_mockserver.services.payments.model.refund import REFUNDS, Refund
from isa_mockserver.services.payments.service import crypto, intents, refunds
from isa_mockserver.services.payments.service.attempts import Tried

START = datetime(2024, 1, 28, 10, 0, tzinfo=UTC)
SIGNALS = (
    ports.PaymentSucceeded,
    ports.PaymentFailed,
    ports.RefundRequested,
    ports.RefundMade,
    ports.RefundUndone,
    ports.WalletDebited,
    ports.WalletRefunded,
)


class Desk:
    """Payments as one user, `user_1`, meets them; the clock is frozen at the sample date."""

    owner = "user_1"

    def __init__(self) -> None:
        self.signals: list[Any] = []
        self.refuse_refund: DomainError | None = None
        self.world = World(
            Blueprint(
                tables=wiring.TABLES,
                jobs=wiring.JOBS,
                reactors={kind: [self._heard] for kind in SIGNALS},
            ),
            clock=Clock(START),
            ids=IdSource(0, repeatable_secrets=True),
        )

    def _heard(self, unit: Unit, signal: Any) -> None:
        if self.refuse_refund and isinstance(signal, ports.RefundRequested):
            raise self.refuse_refund
        self.signals.append(signal)

    def unit(self) -> AbstractContextManager[Unit]:
        """A Unit at the present time, after all due work."""
        self.world.catch_up()
        return self.world.unit()

    def run(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """`work(unit, *args)` in a Unit of its own."""
        with self.unit() as unit:
            return work(unit, *args, **kwargs)

    # What the user does

    def create(
        self, amount: int = 2999, currency: str = "usd", *, owner: str | None = None, **more: Any
    ) -> Intent:
        """An intent; whatever `more` asks for."""
        return self.try_create(amount, currency, owner=owner, **more).intent

    def try_create(
        self, amount: int = 2999, currency: str = "usd", *, owner: str | None = None, **more: Any
    ) -> Tried:
        """An intent with its decline, if it was confirmed and declined."""
        tried: Tried = self.run(intents.create_intent, owner or self.owner, amount, currency, **more)
        return tried

    def confirm(self, intent_id: str, method: str | None = None, *, owner: str | None = None) -> Tried:
        """Confirm an intent."""
        tried: Tried = self.run(intents.confirm_intent, owner or self.owner, intent_id, method)
        return tried

    def paid(self, method: str = "pm_card_visa", amount: int = 2999, currency: str = "usd") -> Intent:
        """An intent confirmed with `method`."""
        return self.confirm(self.create(amount, currency).id, method).intent

    def refund(self, payment_id: str, amount: int | None = None, reason: str | None = None) -> Refund:
        """Refund a payment."""
        made: Refund = self.run(refunds.refund, self.owner, payment_id, amount=amount, reason=reason)
        return made

    def pay_crypto(self, amount: int = 100, currency: str = "usdc", **more: Any) -> CryptoPayment:
        """A crypto payment from a valid Ethereum address, unless `more` says otherwise."""
        order = {"blockchain": "ethereum", "wallet_address": PAYER_ON_ETHEREUM} | more
        payment: CryptoPayment = self.run(
            crypto.create_crypto_payment, self.owner, amount=amount, currency=currency, **order
        )
        return payment

    # What is there

    def intent(self, intent_id: str) -> Intent:
        """The stored intent."""
        return self._row(INTENTS, intent_id)

    def crypto(self, payment_id: str) -> CryptoPayment:
        """The stored crypto payment."""
        return self._row(CRYPTO_PAYMENTS, payment_id)

    def stored_refund(self, refund_id: str) -> Refund:
        """The stored refund."""
        return self._row(REFUNDS, refund_id)

    def attempts(self, intent_id: str) -> list[Attempt]:
        """The attempts on an intent, oldest first."""
        with self.world.unit() as unit:
            return unit.find(ATTEMPTS, "payment_intent_id", intent_id)

    def _row(self, table: TableSpec[R], row_id: str) -> R:
        with self.world.unit() as unit:
            row = unit.get(table, row_id)
        assert row is not None
        return row

    def balance(self, account: str, currency: str = "usd") -> int:
        """The balance of a ledger account."""
        return self.world.ledger.balance(account, currency)

    def give_wallet(self, amount: int, currency: str = "usd", owner: str | None = None) -> None:
        """Put money into a wallet's ledger account."""
        account = f"wallet:{owner or self.owner}:available"
        with self.unit() as unit:
            number = unit.next_number("test")
            unit.post(Reference("test", str(number)), Posting("external:card", account, amount, currency))

    def events(self) -> list[str]:
        """The types of all committed events, in order."""
        return [event.type for event in self.world.events]

    def objects(self, type_: str) -> list[Mapping[str, Any]]:
        """The objects of the events of one type."""
        return [event.object for event in self.world.events if event.type == type_]

    def heard(self, kind: type) -> list[Any]:
        """The signals of one kind."""
        return [signal for signal in self.signals if type(signal) is kind]

    def advance(self, *, days: int = 0, hours: int = 0, minutes: int = 0, seconds: int = 0) -> None:
        """Move the clock, running due work."""
        self.world.advance(((days * 24 + hours) * 60 + minutes) * 60 + seconds)


PAYER_ON_ETHEREUM = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
