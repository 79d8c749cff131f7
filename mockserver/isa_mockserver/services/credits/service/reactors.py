"""What credits do when payments tell of money: grant, give up, take back (rules P2b)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.kernel.world import Reactor
from isa_mockserver.services.ports import (
    PaymentFailed,
    PaymentSucceeded,
    RefundMade,
    RefundRequested,
    RefundUndone,
)

from .purchases import REFERENCE_TYPE, paid, payment_failed
from .revocations import check_revocable, reinstate, revoke

_MoneySignal = RefundRequested | RefundMade | RefundUndone
_News = PaymentSucceeded | PaymentFailed


def _of_purchase(signal: _News | _MoneySignal) -> str | None:
    reference = signal.reference
    return reference.id if reference is not None and reference.type == REFERENCE_TYPE else None


def _on_news(act: Callable[[Unit, str], None]) -> Reactor:
    def react(unit: Unit, signal: _News) -> None:
        if purchase_id := _of_purchase(signal):
            act(unit, purchase_id)

    return react


def _on_money(act: Callable[[Unit, str, int], None]) -> Reactor:
    def react(unit: Unit, signal: _MoneySignal) -> None:
        if purchase_id := _of_purchase(signal):
            act(unit, purchase_id, signal.amount)

    return react


REACTORS: Mapping[type, Sequence[Reactor]] = {
    PaymentSucceeded: (_on_news(paid),),
    PaymentFailed: (_on_news(payment_failed),),
    RefundRequested: (_on_money(check_revocable),),
    RefundMade: (_on_money(revoke),),
    RefundUndone: (_on_money(reinstate),),
}
