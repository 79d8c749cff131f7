"""Invariants 33 and 34 of rules 8.8: exactly the events of what happened, and nobody can forge one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from isa_user.errors import WebhookVerificationError
from isa_user.webhooks import Webhook
from tests.properties.chronicle import Commit, Delivered
from tests.properties.town import Town

Told = Callable[[Any | None, Any | None], Iterator[str]]
REMINDERS = frozenset({"invoice.overdue", "subscription.trial_will_end"})
"""What is told because of the time alone: no row changes with it."""
_BY_ATTEMPT = {
    "succeeded": "payment.succeeded",
    "failed": "payment.failed",
    "requires_action": "payment.requires_action",
    "processing": "payment.processing",
}
_BY_CRYPTO = {
    "confirming": ("crypto_payment.confirming",),
    "confirmed": ("payment.succeeded", "crypto_payment.confirmed"),
    "underpaid": ("payment.failed", "crypto_payment.underpaid"),
    "canceled": ("payment.canceled",),
}
_BY_INVOICE = {
    "paid": "invoice.paid",
    "void": "invoice.voided",
    "uncollectible": "invoice.marked_uncollectible",
}
_BY_SUBSCRIPTION = {
    "canceled": "subscription.canceled",
    "past_due": "subscription.past_due",
    "unpaid": "subscription.unpaid",
    "paused": "subscription.paused",
}


def _intent(old: Any, new: Any) -> Iterator[str]:
    if old is None:
        yield "payment.created"
    if new.status == "canceled" and (old is None or old.status != "canceled"):
        yield "payment.canceled"


def _attempt(old: Any, new: Any) -> Iterator[str]:
    if (old is None or old.status != new.status) and new.status in _BY_ATTEMPT:
        yield _BY_ATTEMPT[new.status]


def _crypto(old: Any, new: Any) -> Iterator[str]:
    if old is None:
        yield "payment.created"
    elif old.status != new.status:
        lapsed = (old.status, new.status) == ("pending", "expired")
        yield from ("crypto_payment.expired",) if lapsed else _BY_CRYPTO.get(new.status, ())
    elif new.status in ("expired", "underpaid") and len(new.transactions) > len(old.transactions):
        yield "crypto_payment.late"


def _refund(old: Any, new: Any) -> Iterator[str]:
    if old is None:
        yield "refund.created"
    elif old.status != new.status:
        yield "refund.updated"
        yield from ("refund.failed",) if new.status == "failed" else ()


def _wallet_entry(old: Any, new: Any) -> Iterator[str]:
    completed = new.status == "completed" and (old is None or old.status != "completed")
    if completed and new.type == "deposit":
        yield "wallet.deposited"
    if completed and new.transfer_id:
        yield "wallet.transferred"


def _invoice(old: Any, new: Any) -> Iterator[str]:
    before = old.status if old else None
    if new is None:
        yield "invoice.deleted"
        return
    if old is None:
        yield "invoice.created"
    if new.number and not (old and old.number):
        yield "invoice.finalized"
    if new.status != before and new.status in _BY_INVOICE:
        yield _BY_INVOICE[new.status]
    paid_by_intent = new.status == "paid" != before and _attempts(new) > _attempts(old)
    yield from ["invoice.payment_failed"] * (_attempts(new) - _attempts(old) - paid_by_intent)
    if old and before == new.status == "draft" and (old.lines, old.metadata) != (new.lines, new.metadata):
        yield "invoice.updated"


def _attempts(invoice: Any) -> int:
    return invoice.attempt_count if invoice else 0


def _subscription(old: Any, new: Any) -> Iterator[str]:
    if old is None:
        yield "subscription.created"
    elif old.status != new.status:
        resumed = old.status == "paused" and new.status == "active"
        from_trial = old.status == "trialing" and new.status in ("past_due", "paused") and not _asked(new)
        usual = _BY_SUBSCRIPTION.get(new.status, "subscription.updated")
        yield "subscription.resumed" if resumed else "subscription.updated" if from_trial else usual
    elif old.plan_id != new.plan_id or old.cancel_at_period_end != new.cancel_at_period_end:
        yield "subscription.updated"
    elif new.period_number > old.period_number and new.plan_id != "plan_free" and new.status != "paused":
        yield "subscription.renewed"


def _asked(paused: Any) -> bool:
    """Whether a customer paused it: a trial's end leaves no time of a period."""
    return bool(paused.status == "paused" and paused.remaining_seconds)


def _quota_notice(old: Any, new: Any) -> Iterator[str]:
    yield from (new.id.rpartition("|")[2],) if old is None else ()


def _grant(old: Any, new: Any) -> Iterator[str]:
    if old is None and new.source != "refund":
        yield "credits.granted"
    if new.expired > (old.expired if old else 0):
        yield "credits.expired"
    if new.announced and not (old and old.announced):
        yield "credits.expiring_soon"


def _consumption(old: Any, new: Any) -> Iterator[str]:
    if old is None:
        yield "credits.consumed"
    elif new.refunded > old.refunded:
        yield "credits.refunded"


def _reservation(old: Any, new: Any) -> Iterator[str]:
    yield from ("credits.reservation_expired",) if new.status == "expired" else ()


TOLD: Mapping[str, Told] = {
    "payment_intents": _intent,
    "payment_attempts": _attempt,
    "crypto_payments": _crypto,
    "refunds": _refund,
    "wallet_entries": _wallet_entry,
    "invoices": _invoice,
    "subscriptions": _subscription,
    "quota_notices": _quota_notice,
    "credit_grants": _grant,
    "credit_consumptions": _consumption,
    "credit_reservations": _reservation,
}
"""Table -> what the rules have to be told of a change of its rows (rules WH-2, WH-3, WH-3b)."""


def every_change_is_told_once(town: Town) -> Iterator[str]:
    """33: for each commit exactly the listed events, numbered without a gap in the order of commits."""
    for commit in town.chronicle.commits:
        told = Counter(event.type for event in commit.events if event.type not in REMINDERS)
        expected = Counter(_expected(commit))
        if told != expected:
            yield f"told {dict(told - expected)} too much, {dict(expected - told)} too little"
    sequences = [event.sequence for event in town.world.events]
    if sequences != [*range(1, len(sequences) + 1)]:
        yield "the events are not numbered without a gap"


def _expected(commit: Commit) -> Iterator[str]:
    for table, told in TOLD.items():
        for old, new in commit.changed(table):
            yield from told(old, new)
    for old, new in commit.changed("subscriptions"):
        if old and new and (old.status, new.status) == ("active", "canceled"):
            yield from ("subscription.past_due",) if _began_to_owe(commit, new.id) else ()


def _began_to_owe(commit: Commit, subscription_id: str) -> bool:
    """Whether a renewal failed in this Unit: a cancellation within its first hour charges it (QU-5)."""
    return any(
        new
        and new.subscription_id == subscription_id
        and new.first_failed_at
        and not (old and old.first_failed_at)
        for old, new in commit.changed("invoices")
    )


def deliveries_verify_and_cannot_be_forged(town: Town) -> Iterator[str]:
    """34: by each secret that signs; not with another byte anywhere in id, timestamp or body."""
    for sent in town.chronicle.deliveries:
        for secret in sent.secrets:
            if not _verifies(secret, sent.headers, sent.body):
                yield f"{sent.headers['webhook-id']} does not verify"
            for headers, body in _forged(sent):
                if _verifies(secret, headers, body):
                    yield f"{sent.headers['webhook-id']} verifies although it was changed"


def _verifies(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    try:
        Webhook(secret).verify(body, headers)
    except WebhookVerificationError:
        return False
    return True


def _forged(sent: Delivered) -> Iterator[tuple[Mapping[str, str], bytes]]:
    place = sum(sent.body)
    at = place % len(sent.body)
    yield sent.headers, sent.body[:at] + bytes([sent.body[at] ^ 1]) + sent.body[at + 1 :]
    yield sent.headers, sent.body + b" "
    for name, other in (("webhook-id", "x"), ("webhook-timestamp", "7")):
        text = sent.headers[name]
        at = len(text) - 1
        changed = other if text[at] != other else "8"
        yield {**sent.headers, name: text[:at] + changed}, sent.body
