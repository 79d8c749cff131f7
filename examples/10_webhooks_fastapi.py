"""A FastAPI application that is told what happened. Needs no running server, but `fastapi`.

With `uvicorn` and `isa-mockserver --webhook http://localhost:9000/webhooks/payments` it is the same.
"""

import logging

from fastapi import FastAPI
from starlette.routing import Route

from isa_mockserver.testing import MockServer
from isa_user import InvoicePaid, PaymentFailed, PaymentSucceeded, SyncIsaUser, WebhookReceiver

SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

receiver = WebhookReceiver(SECRET)
shipped: list[str] = []


@receiver.on("payment.succeeded")
async def ship(event: PaymentSucceeded) -> None:
    """Called once for each payment, however often it is delivered."""
    shipped.append(event.data.object.payment_id)
    print(f"ship: {event.data.object.description}, {event.data.object.amount} cents")


@receiver.on("payment.failed")
def warn(event: PaymentFailed) -> None:
    """Sync functions are fine where they do not block."""
    reason = event.data.object.last_payment_error
    print(f"not paid: {reason.message if reason else 'for no reason'}")


@receiver.on("invoice.paid")
def file(event: InvoicePaid) -> None:
    """The object of each event is typed."""
    print(f"file: {event.data.object.number}")


app = FastAPI()
app.router.routes.append(Route("/webhooks/payments", receiver))

if __name__ == "__main__":
    logging.getLogger("isa_user").setLevel(logging.CRITICAL)  # the forged requests are refused on purpose
    with MockServer() as server:
        tricks = ["duplicate", "wrong_signature", "truncated"]
        server.webhooks.add(app, path="/webhooks/payments", secret=SECRET, adversary=tricks)
        isa = server.client(SyncIsaUser, user="user_1")
        for card in ("pm_card_chargeDeclined", "pm_card_visa"):
            intent = isa.payments.create_intent(amount=2999, currency="usd", description="A lamp")
            try:
                isa.payments.confirm_intent(intent.payment_intent_id, payment_method_id=card)
            except Exception as error:
                print(f"declined: {type(error).__name__}")
        print(f"shipped: {len(shipped)}")
