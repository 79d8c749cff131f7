"""Refunds: all of a payment or parts of it, back to where the money came from (rules 2.5)."""

from __future__ import annotations

from typing import TypeVar

from isa_mockserver.kernel.chart import (
    CLEARING,
    EXTERNAL_BANK,
    EXTERNAL_CARD,
    may_be_negative,
    wallet_available,
)
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.ledger import Posting, Reference
from isa_mockserver.kernel.money import card_amount, positive_amount
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.payments.model.coins import MAX_AMOUNT
from isa_mockserver.services.payments.model.crypto import CryptoPayment
from isa_mockserver.services.payments.model.intent import Intent
from isa_mockserver.services.payments.model.refund import (
    CATEGORIES,
    FIRST_STATUS,
    LATER_STATUS,
    REFUND_SETTLES_AFTER,
    REFUND_WINDOW,
    REFUNDS,
    SYNONYMS,
    Refund,
)
from isa_mockserver.services.payments.views import refund_view
from isa_mockserver.services.ports import RefundMade, RefundRequested, RefundUndone, WalletRefunded

from .intents import intent_not_found
from .refundables import Refundable, add_refunded, find_payment, refundable

_OUTSIDE = (EXTERNAL_CARD, EXTERNAL_BANK)
S = TypeVar("S", RefundRequested, RefundMade, RefundUndone)


def refund(
    unit: Unit, owner: str, payment_id: str, *, amount: int | None = None, reason: str | None = None
) -> Refund:
    """Refund `amount` minor units of a payment, or all that remains of it (rules 2.5).

    Raises:
        DomainError: `invalid_amount`, `payment_intent_not_found`, `payment_not_refundable`,
            `refund_window_expired`, `charge_already_refunded`, `refund_exceeds_remaining`; and what a
            slice that cannot give the money up raises, such as `insufficient_funds` (rules RF-5).
    """
    if amount is not None:
        positive_amount(amount, maximum=MAX_AMOUNT)
    payment = _refundable_now(unit, find_owned(unit, owner, payment_id))
    made = new_refund(unit, payment, _fitting_amount(payment, amount), reason)
    unit.notify(_signal(RefundRequested, made, payment))
    _require_funds(unit, made)
    _book(unit, made)
    return store_refund(unit, made, payment)


def store_refund(unit: Unit, made: Refund, payment: Refundable) -> Refund:
    """Keep a refund whose money has been dealt with, count it, and tell of it."""
    unit.put(REFUNDS, made)
    add_refunded(unit, made.payment_id, made.amount)
    if made.course in LATER_STATUS:
        unit.plan(unit.now + REFUND_SETTLES_AFTER, "settlement", made.id)
    unit.emit("refund.created", made.owner, refund_view(made))
    unit.notify(_signal(RefundMade, made, payment))
    if made.destination == wallet_available(made.owner):
        unit.notify(
            WalletRefunded(
                refund_id=made.id,
                payment_intent_id=made.payment_id,
                owner=made.owner,
                amount=made.amount,
                currency=made.currency,
            )
        )
    return made


def settle_refund(unit: Unit, refund_id: str) -> None:
    """The job `settlement` of a refund that did not end at once (rules RF-2)."""
    made = unit.get(REFUNDS, refund_id)
    if made is None or made.course not in LATER_STATUS:
        return
    after = unit.put(REFUNDS, made._replace(status=LATER_STATUS[made.course]))
    failed = after.status == "failed"
    _post(
        unit,
        Reference("refund_settlement", made.id),
        made.destination if failed else CLEARING,
        made.source if failed else made.destination,
        made,
    )
    unit.emit("refund.updated", made.owner, refund_view(after), {"status": made.status})
    if failed:
        _undo(unit, after)


def find_owned(unit: Unit, owner: str, payment_id: str) -> Intent | CryptoPayment:
    """The user's intent or crypto payment.

    Raises:
        DomainError: `payment_intent_not_found`.
    """
    payment = find_payment(unit, payment_id)
    if payment is None or payment.owner != owner:
        raise intent_not_found()
    return payment


def find_refund(unit: Unit, owner: str, refund_id: str) -> Refund:
    """The user's refund.

    Raises:
        DomainError: `refund_not_found`.
    """
    made = unit.get(REFUNDS, refund_id)
    if made is None or made.owner != owner:
        raise DomainError("refund_not_found", "There is no such refund.")
    return made


def _refundable_now(unit: Unit, found: Intent | CryptoPayment) -> Refundable:
    payment = refundable(found)
    if payment is None:
        raise DomainError(
            "payment_not_refundable",
            f"The payment is {found.status}; only a succeeded one can be refunded.",
            context={"status": found.status},
        )
    if unit.now > payment.succeeded_at + REFUND_WINDOW:
        raise DomainError(
            "refund_window_expired",
            f"A payment can be refunded for {REFUND_WINDOW.days} days after its success.",
        )
    if payment.remaining == 0:
        raise DomainError("charge_already_refunded", "Nothing of this payment is left to refund.")
    return payment


def _fitting_amount(payment: Refundable, amount: int | None) -> int:
    if amount is None:
        return payment.remaining
    if amount > payment.remaining:
        raise DomainError(
            "refund_exceeds_remaining",
            f"At most {payment.remaining} minor units of this payment can still be refunded.",
            param="amount",
            context={"remaining": payment.remaining},
        )
    return card_amount(amount, payment.currency) if payment.destination in _OUTSIDE else amount


def new_refund(unit: Unit, payment: Refundable, amount: int, reason: str | None) -> Refund:
    """A refund of the payment, not stored yet (rules RF-3)."""
    kept = None if reason is None else SYNONYMS.get(reason, reason)
    return Refund(
        id=unit.new_id("re"),
        owner=payment.owner,
        created_at=unit.now,
        payment_id=payment.id,
        amount=amount,
        currency=payment.currency,
        status=FIRST_STATUS[payment.course],
        course=payment.course,
        source=payment.source,
        destination=payment.destination,
        reason=kept,
        reason_category=None if kept is None else (kept if kept in CATEGORIES else "other"),
    )


def _require_funds(unit: Unit, made: Refund) -> None:
    available = unit.balance(made.source, made.currency)
    if available < made.amount and not may_be_negative(made.source):
        raise DomainError(
            "insufficient_funds",
            "The wallet holds less than the refund would take out of it.",
            context={
                "available": available,
                "required": made.amount,
                "shortfall": made.amount - available,
            },
        )


def _book(unit: Unit, made: Refund) -> None:
    waits = made.status == "pending"
    _post(unit, Reference("refund", made.id), made.source, CLEARING if waits else made.destination, made)


def _post(unit: Unit, reference: Reference, source: str, destination: str, made: Refund) -> None:
    unit.post(reference, Posting(source, destination, made.amount, made.currency))


def _undo(unit: Unit, failed: Refund) -> None:
    add_refunded(unit, failed.payment_id, -failed.amount)
    unit.emit("refund.failed", failed.owner, refund_view(failed))
    found = find_payment(unit, failed.payment_id)
    payment = refundable(found) if found else None
    if payment:
        unit.notify(_signal(RefundUndone, failed, payment))


def _signal(kind: type[S], made: Refund, payment: Refundable) -> S:
    return kind(
        refund_id=made.id,
        payment_intent_id=made.payment_id,
        owner=made.owner,
        type=payment.type,
        reference=payment.reference,
        amount=made.amount,
        currency=made.currency,
    )
