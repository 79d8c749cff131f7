"""What can go wrong with a card, and what to do about it. Sync."""

from isa_user import CardDeclinedError, InvalidArgumentError, SyncPaymentClient

CARDS = ["pm_card_chargeDeclined", "pm_card_chargeDeclinedExpiredCard", "pm_card_visa"]

with SyncPaymentClient(token="user_456") as payments:
    intent = payments.create_intent(amount=1200, currency="usd")
    for card in CARDS:
        try:
            paid = payments.confirm_intent(intent.payment_intent_id, payment_method_id=card)
        except CardDeclinedError as error:
            # The intent survives a decline: ask for another card and confirm it again.
            print(f"{card}: {error.code}, {error.message}")
        else:
            print(f"{card}: {paid.status}")

    try:
        payments.create_intent(amount=0.5, currency="usd")  # type: ignore[arg-type]
    except InvalidArgumentError as error:
        print(f"refused before sending: {error.message}")
