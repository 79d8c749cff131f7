"""What can go wrong with a card or a connection, and what to do about it. Sync."""

from isa_user import CardDeclinedError, InvalidArgumentError, OutcomeUnknownError, SyncIsaUser

CARDS = ["pm_card_chargeDeclined", "pm_card_chargeDeclinedExpiredCard", "pm_card_visa"]


def pay_with_any(isa: SyncIsaUser, amount: int) -> str:
    """The intent survives a decline: ask for another card and confirm it again."""
    intent = isa.payments.create_intent(amount=amount, currency="usd")
    for card in CARDS:
        try:
            return isa.payments.confirm_intent(intent.payment_intent_id, payment_method_id=card).status
        except CardDeclinedError as error:
            print(f"{card}: {error.code}, {error.message}")
    return "unpaid"


def deposit_once(isa: SyncIsaUser, amount: int, key: str) -> None:
    """The same key on a second try: the money moves once, whatever became of the first answer."""
    for _ in range(2):
        try:
            done = isa.wallets.deposit(
                amount=amount, currency="usd", payment_method_id="pm_card_visa", idempotency_key=key
            )
        except OutcomeUnknownError:
            continue  # it may have been applied: come again with the key, never with a new one
        print(f"{done.transaction_id}: {'replayed' if done.response.idempotent_replayed else 'done'}")


with SyncIsaUser(token="user_456") as isa:
    print(f"paid by one of three cards: {pay_with_any(isa, 1200)}")

    try:
        isa.payments.create_intent(amount=0.5, currency="usd")  # type: ignore[arg-type]
    except InvalidArgumentError as error:
        print(f"refused before sending: {error.message}")

    before = isa.wallets.get_balance().balances["usd"]
    deposit_once(isa, 5000, "order-17")
    print(f"balance: {before} -> {isa.wallets.get_balance().balances['usd']} cents")
