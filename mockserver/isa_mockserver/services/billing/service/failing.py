"""What a failed attempt leaves on an invoice, and the dunning schedule (rules 5.6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.billing.model.invoice import Invoice
from isa_mockserver.services.billing.views import invoice_view
from isa_mockserver.services.ports.invoicing import InvoicePaymentFailed, PaymentRef

from .drafting import save

RETRY_AFTER: Sequence[timedelta] = tuple(timedelta(days=days) for days in (1, 3, 7, 14))
"""From the first failed attempt to each retry (rules DU-1)."""

_HARD = frozenset({"lost_card", "stolen_card", "fraudulent", "incorrect_number", "authentication_required"})
"""Decline codes after which the same method is not charged again (rules DU-2)."""


class Failed(NamedTuple):
    """Why an attempt failed, by which intent and method; None where none was tried or it is not known."""

    error: DomainError
    payment_intent_id: str | None
    method: str | None

    @property
    def hard(self) -> bool:
        """Whether trying the same method again is pointless (rules DU-2)."""
        return bool({self.error.decline_code, self.error.code} & _HARD)


def note_failure(unit: Unit, invoice: Invoice, failed: Failed) -> None:
    """Count the attempt, tell of it, and have the first failure of a dunned invoice tried again."""
    waiting = invoice.awaiting
    if waiting and waiting.payment_intent_id == failed.payment_intent_id:
        waiting = PaymentRef(waiting.payment_intent_id, waiting.client_secret, "requires_payment_method")
    tried = invoice._replace(
        attempt_count=invoice.attempt_count + 1,
        payment_intent_id=failed.payment_intent_id or invoice.payment_intent_id,
        awaiting=waiting,
        last_method=failed.method or invoice.last_method,
        refused_method=failed.method if failed.hard else invoice.refused_method,
    )
    tried = save(unit, _scheduled(unit, tried))
    unit.emit("invoice.payment_failed", tried.owner, partial(invoice_view, tried, unit.now))
    announce_failure(unit, tried)


def announce_failure(unit: Unit, invoice: Invoice) -> None:
    """Tell subscriptions, which decides what the failure means for the service."""
    if invoice.subscription_id:
        unit.notify(
            InvoicePaymentFailed(
                invoice_id=invoice.id,
                owner=invoice.owner,
                subscription_id=invoice.subscription_id,
                dunned=invoice.dunned,
                exhausted=invoice.dunned and invoice.retries >= len(RETRY_AFTER),
                awaiting=invoice.awaiting,
            )
        )


def plan_retry(unit: Unit, invoice: Invoice) -> Invoice:
    """The invoice with its next retry planned, or with none where the schedule has ended (rules DU-1)."""
    if invoice.first_failed_at is None or invoice.retries >= len(RETRY_AFTER):
        return invoice._replace(next_payment_attempt=None)
    due = invoice.first_failed_at + RETRY_AFTER[invoice.retries]
    unit.plan(due, "dunning", invoice.id)
    return invoice._replace(next_payment_attempt=due)


def _scheduled(unit: Unit, invoice: Invoice) -> Invoice:
    if not invoice.dunned or invoice.first_failed_at is not None:
        return invoice
    return plan_retry(unit, invoice._replace(first_failed_at=unit.now))
