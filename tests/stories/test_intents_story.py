"""The longer lives of a payment: authentication, capture, cancellation, bank debits (rules 2.3)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from isa_user import CardDeclinedError, ConflictError, InvalidRequestError, NotFoundError, PaymentIntent

from .colours import Cast, story
from .failures import fails

REASONS: tuple[Literal["duplicate", "fraudulent", "requested_by_customer", "abandoned"], ...] = (
    "duplicate",
    "fraudulent",
    "requested_by_customer",
    "abandoned",
)
BY_STATUS = "Read the intent and decide by its status; it was not charged again."


async def _create(cast: Cast, **more: object) -> PaymentIntent:
    client = cast.payments()
    intent: PaymentIntent = await client.create_intent(amount=2999, currency="usd", **more)  # type: ignore[arg-type]
    return intent


@story
async def test_pi9_an_intent_is_read_by_its_owner_alone(cast: Cast) -> None:
    made = await _create(cast, description="Pro Plan - Monthly", metadata={"product_id": "prod_123"})
    assert await cast.payments().get_intent(made.payment_intent_id) == made
    says = "Check the id, whose token is used, and that the base URL is the right service."
    for user, name in (("user_2", made.payment_intent_id), ("user_1", "pi_unknown")):
        with fails(NotFoundError, 404, "payment_intent_not_found", says=says):
            await cast.payments(user).get_intent(name)


@story
async def test_2_3_attaching_a_method_leaves_only_the_confirmation(cast: Cast) -> None:
    client = cast.payments()
    made = await _create(cast, description="Old", metadata={"a": "1"})
    updated = await client.update_intent(made.payment_intent_id, payment_method_id="pm_card_visa")
    assert (updated.status, updated.payment_method_id) == ("requires_confirmation", "pm_card_visa")
    assert (updated.description, updated.metadata) == ("Old", {"a": "1"})
    described = await client.update_intent(made.payment_intent_id, description="New", metadata={"b": "2"})
    assert (described.description, described.metadata) == ("New", {"b": "2"})
    paid = await client.confirm_intent(made.payment_intent_id)
    assert (paid.status, paid.amount_received) == ("succeeded", 2999)
    with fails(ConflictError, 409, "payment_intent_unexpected_state", says=BY_STATUS):
        await client.update_intent(made.payment_intent_id, description="Too late")


@story
async def test_2_3_a_payment_waits_for_authentication_and_then_succeeds(cast: Cast) -> None:
    client = cast.payments()
    waiting = await _create(cast, payment_method_id="pm_card_authenticationRequired", confirm=True)
    assert (waiting.status, waiting.amount_received) == ("requires_action", 0)
    assert waiting.next_action is not None
    assert waiting.next_action.url
    again = await client.confirm_intent(waiting.payment_intent_id)
    assert (again.status, again.next_action) == ("requires_action", waiting.next_action)
    cast.authenticate(waiting.payment_intent_id)
    paid = await client.get_intent(waiting.payment_intent_id)
    assert (paid.status, paid.amount_received, paid.next_action) == ("succeeded", 2999, None)
    assert cast.server.events.types() == [
        "payment.created",
        "payment.requires_action",
        "payment.succeeded",
    ]


@story
async def test_2_3_a_failed_authentication_charges_nothing_and_another_card_pays(cast: Cast) -> None:
    client = cast.payments()
    waiting = await _create(cast, payment_method_id="pm_card_threeDSecure2Required", confirm=True)
    cast.authenticate(waiting.payment_intent_id, "failure")
    failed = await client.get_intent(waiting.payment_intent_id)
    assert failed.status == "requires_payment_method"
    assert failed.last_payment_error is not None
    assert failed.last_payment_error.code == "authentication_failed"
    paid = await client.confirm_intent(waiting.payment_intent_id, payment_method_id="pm_card_visa")
    assert (paid.status, paid.last_payment_error) == ("succeeded", None)


@story
async def test_2_1_a_card_may_be_declined_after_authentication(cast: Cast) -> None:
    method = "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"
    waiting = await _create(cast, payment_method_id=method, confirm=True)
    assert waiting.status == "requires_action"
    cast.authenticate(waiting.payment_intent_id)
    declined = await cast.payments().get_intent(waiting.payment_intent_id)
    assert declined.last_payment_error is not None
    assert (declined.last_payment_error.code, declined.last_payment_error.decline_code) == (
        "card_declined",
        "insufficient_funds",
    )


@story
async def test_pi8_an_authentication_that_nobody_ends_fails_after_an_hour(cast: Cast) -> None:
    waiting = await _create(cast, payment_method_id="pm_card_authenticationRequired", confirm=True)
    cast.server.clock.advance(minutes=59, seconds=59)
    assert (await cast.payments().get_intent(waiting.payment_intent_id)).status == "requires_action"
    cast.server.clock.advance(seconds=1)
    failed = await cast.payments().get_intent(waiting.payment_intent_id)
    assert failed.status == "requires_payment_method"
    assert failed.last_payment_error is not None
    assert failed.last_payment_error.code == "authentication_failed"


@story
async def test_pi4_held_money_is_taken_in_part_and_the_rest_is_released(cast: Cast) -> None:
    client = cast.payments()
    held = await _create(cast, payment_method_id="pm_card_visa", confirm=True, capture_method="manual")
    assert (held.status, held.capture_method, held.amount_received) == ("requires_capture", "manual", 0)
    assert cast.server.ledger.balance("external:card", "usd") == 0
    says = "Nothing was applied; correct what the message names (error.errors has all)."
    with fails(InvalidRequestError, 422, "amount_too_large", says=says, param="amount"):
        await client.capture_intent(held.payment_intent_id, amount=3000)
    taken = await client.capture_intent(held.payment_intent_id, amount=2000)
    assert (taken.status, taken.amount, taken.amount_received) == ("succeeded", 2999, 2000)
    assert cast.server.ledger.balance("external:card", "usd") == -2000
    with fails(ConflictError, 409, "payment_intent_unexpected_state", says=BY_STATUS):
        await client.capture_intent(held.payment_intent_id)


@story
async def test_2_3_held_money_that_nobody_takes_is_released_after_seven_days(cast: Cast) -> None:
    held = await _create(cast, payment_method_id="pm_card_visa", confirm=True, capture_method="manual")
    cast.server.clock.advance(days=7)
    released = await cast.payments().get_intent(held.payment_intent_id)
    assert (released.status, released.cancellation_reason) == ("canceled", "automatic")
    assert released.canceled_at == datetime(2024, 2, 4, tzinfo=UTC)
    assert cast.server.events.types()[-1] == "payment.canceled"


@story
async def test_pi7_an_intent_is_canceled_for_one_of_four_reasons(cast: Cast) -> None:
    client = cast.payments()
    for reason in REASONS:
        made = await _create(cast)
        canceled = await client.cancel_intent(made.payment_intent_id, cancellation_reason=reason)
        assert (canceled.status, canceled.cancellation_reason) == ("canceled", reason)
        assert canceled.canceled_at == datetime(2024, 1, 28, tzinfo=UTC)
    last = await _create(cast)
    says = "Nothing was applied; correct what the message names (error.errors has all)."
    with fails(InvalidRequestError, 422, "invalid_value", says=says, param="cancellation_reason"):
        await client.cancel_intent(last.payment_intent_id, cancellation_reason="bored")  # type: ignore[arg-type]
    without = await client.cancel_intent(last.payment_intent_id)
    assert (without.status, without.cancellation_reason) == ("canceled", None)
    with fails(
        ConflictError, 409, "payment_intent_unexpected_state", says=BY_STATUS, context={"status": "canceled"}
    ):
        await client.confirm_intent(last.payment_intent_id, payment_method_id="pm_card_visa")


@story
async def test_2_1_a_bank_debit_settles_three_days_later(cast: Cast) -> None:
    client = cast.payments()
    debited = await _create(cast, payment_method_id="pm_bank_success", confirm=True)
    assert (debited.status, debited.amount_received) == ("processing", 0)
    with fails(ConflictError, 409, "payment_intent_unexpected_state", says=BY_STATUS):
        await client.cancel_intent(debited.payment_intent_id)
    cast.server.clock.set("2024-01-30T23:59:59Z")
    assert (await client.get_intent(debited.payment_intent_id)).status == "processing"
    cast.server.clock.set("2024-01-31T00:00:00Z")
    settled = await client.get_intent(debited.payment_intent_id)
    assert (settled.status, settled.amount_received) == ("succeeded", 2999)
    assert cast.server.ledger.balance("external:bank", "usd") == -2999
    assert cast.server.events.types() == ["payment.created", "payment.processing", "payment.succeeded"]


@story
async def test_2_1_a_bank_debit_may_fail_three_days_later(cast: Cast) -> None:
    debited = await _create(cast, payment_method_id="pm_bank_fail", confirm=True)
    cast.server.clock.advance(days=3)
    failed = await cast.payments().get_intent(debited.payment_intent_id)
    assert (failed.status, failed.amount_received) == ("requires_payment_method", 0)
    assert failed.last_payment_error is not None
    assert cast.server.events.types()[-1] == "payment.failed"


@story
async def test_du2_a_final_decline_says_not_to_charge_that_card_again(cast: Cast) -> None:
    final = "Do not charge this card again; ask for another payment method."
    cards = {"LostCard": "lost_card", "StolenCard": "stolen_card", "Fraudulent": "fraudulent"}
    for name, decline_code in cards.items():
        with fails(CardDeclinedError, 402, "card_declined", decline_code=decline_code, says=final):
            await _create(cast, payment_method_id=f"pm_card_chargeDeclined{name}", confirm=True)


@story
async def test_2_1_a_soft_decline_says_what_to_ask_the_customer(cast: Cast) -> None:
    advice = {
        "ExpiredCard": ("expired_card", "its new expiry date."),
        "ProcessingError": ("processing_error", "try it again in a while."),
        "IncorrectCvc": ("incorrect_cvc", "another payment method."),
    }
    for name, (code, says) in advice.items():
        with fails(CardDeclinedError, 402, code, says=says):
            await _create(cast, payment_method_id=f"pm_card_chargeDeclined{name}", confirm=True)


@story
async def test_2_3_confirming_with_nothing_to_charge_asks_for_a_method(cast: Cast) -> None:
    made = await _create(cast)
    says = "Pass payment_method_id=; no default method is on file for this user."
    with fails(InvalidRequestError, 422, "payment_method_required", says=says, param="payment_method_id"):
        await cast.payments().confirm_intent(made.payment_intent_id)
