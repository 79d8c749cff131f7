"""What payments tells the other slices after the call that made an intent (rules P2b)."""

from __future__ import annotations

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.payments.model.intent import Intent
from isa_mockserver.services.ports import PaymentFailed, PaymentMoved, PaymentSucceeded


def announce(unit: Unit, intent: Intent) -> None:
    """Signal that the intent succeeded, that its attempt failed, or that it moved to another state."""
    if intent.status == "succeeded":
        unit.notify(
            PaymentSucceeded(
                payment_intent_id=intent.id,
                owner=intent.owner,
                type=intent.type,
                reference=intent.reference,
                amount=intent.amount_received,
                currency=intent.currency,
            )
        )
    elif intent.status == "requires_payment_method":
        unit.notify(
            PaymentFailed(
                payment_intent_id=intent.id,
                owner=intent.owner,
                type=intent.type,
                reference=intent.reference,
            )
        )
    else:
        unit.notify(
            PaymentMoved(
                payment_intent_id=intent.id,
                client_secret=intent.client_secret,
                status=intent.status,
                owner=intent.owner,
                type=intent.type,
                reference=intent.reference,
                amount=intent.amount,
                currency=intent.currency,
            )
        )
