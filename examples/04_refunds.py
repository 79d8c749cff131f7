"""Money back: in parts, too much, and slowly. Needs no running server, but `isa-user[mockserver]`."""

from isa_mockserver.testing import MockServer
from isa_user import ConflictError, InvalidRequestError, SyncPaymentClient

with MockServer() as server:
    payments = server.client(SyncPaymentClient, user="user_1")
    paid = payments.create_intent(amount=2999, currency="usd", payment_method_id="pm_card_visa", confirm=True)
    payment = paid.payment_intent_id

    print(f"part: {payments.refund(payment, amount=1000, reason='customer_request').amount} cents")
    try:
        payments.refund(payment, amount=2000)
    except InvalidRequestError as error:
        print(f"too much: {error.code}, {error.context['remaining']} cents remain")
    print(f"rest: {payments.refund(payment).amount} cents")
    try:
        payments.refund(payment)
    except ConflictError as error:
        print(f"once more: {error.code}")

    # Some networks take their time, and some refunds come back.
    for card in ("pm_card_pendingRefund", "pm_card_refundFail"):
        sold = payments.create_intent(amount=800, currency="usd", payment_method_id=card, confirm=True)
        refund = payments.refund(sold.payment_intent_id)
        server.clock.advance(days=1)
        print(f"{card}: {refund.status} -> {payments.get_refund(refund.refund_id).status}")

    row = payments.get_history().data[-1]
    print(f"history: {row.status}, refunded {row.refund_status}, {row.amount_refunded} of {row.amount} cents")
