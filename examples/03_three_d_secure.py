"""The bank asks the customer: both outcomes. Needs no running server, but `isa-user[mockserver]`."""

from isa_mockserver.testing import MockServer
from isa_user import PaymentIntent, SyncPaymentClient

CARD = "pm_card_authenticationRequired"


def start(payments: SyncPaymentClient) -> PaymentIntent:
    """Confirms a payment that the customer has to authenticate."""
    intent = payments.create_intent(amount=4000, currency="eur")
    waiting = payments.confirm_intent(intent.payment_intent_id, payment_method_id=CARD)
    action = waiting.next_action
    print(f"{waiting.status}: send the customer to {action.url if action else 'nowhere'}")
    return waiting


with MockServer() as server:
    payments = server.client(SyncPaymentClient, user="user_1")

    good = start(payments)
    server.authenticate(good.payment_intent_id, "success")  # what the customer does in a browser
    print(f"after success: {payments.get_intent(good.payment_intent_id).status}")

    bad = start(payments)
    server.authenticate(bad.payment_intent_id, "failure")
    failed = payments.get_intent(bad.payment_intent_id)
    reason = failed.last_payment_error
    print(f"after failure: {failed.status}, {reason.code if reason else 'no error'}")

    again = payments.confirm_intent(bad.payment_intent_id, payment_method_id="pm_card_visa")
    print(f"another card: {again.status}")
