"""Holding credits, giving them back, and the history of it all (rules 6)."""

from __future__ import annotations

from datetime import UTC, datetime

from isa_user import (
    ConflictError,
    CreditPurchase,
    InsufficientCreditsError,
    InvalidRequestError,
    NotFoundError,
)

from .colours import Cast, everything, story
from .failures import fails

CHECK = "Check the id, whose token is used, and that the base URL is the right service."


async def _stocked(cast: Cast) -> CreditPurchase:
    return await cast.credits().purchase(package="credits_100", payment_method_id="pm_card_visa")


@story
async def test_6_the_price_table_is_the_pages(cast: Cast) -> None:
    packages = await everything(cast.credits().get_packages())
    assert [(each.package, each.name, each.credits, each.price, each.currency) for each in packages] == [
        ("credits_100", "Starter", 100, 1000, "usd"),
        ("credits_500", "Standard", 500, 4500, "usd"),
        ("credits_1000", "Pro", 1000, 8000, "usd"),
        ("credits_5000", "Enterprise", 5000, 35000, "usd"),
    ]


@story
async def test_cr10_held_credits_are_committed_in_part_and_the_rest_is_free_again(cast: Cast) -> None:
    client = cast.credits()
    await _stocked(cast)
    held = await client.reserve(amount=50, reason="render", ttl_seconds=3600)
    assert (held.status, held.amount, held.committed_amount) == ("held", 50, None)
    assert held.expires_at == datetime(2024, 1, 28, 1, tzinfo=UTC)
    assert (held.balance.total, held.balance.available, held.balance.reserved) == (100, 50, 50)
    with fails(
        InsufficientCreditsError,
        402,
        "insufficient_credits",
        context={"required": 51, "available": 50, "shortfall": 1},
        says="Buy credits (CreditClient.purchase), then call again.",
    ):
        await client.consume(amount=51, reason="too_much")
    with fails(
        InvalidRequestError,
        422,
        "exceeds_reservation",
        param="amount",
        says="Commit at most the reserved amount, or reserve more.",
    ):
        await client.commit_reservation(held.reservation_id, amount=51)
    done = await client.commit_reservation(held.reservation_id, amount=30)
    assert (done.status, done.committed_amount) == ("committed", 30)
    assert (done.balance.total, done.balance.available, done.balance.reserved) == (70, 70, 0)
    again = await client.commit_reservation(held.reservation_id, amount=30)
    assert again == done
    with fails(
        ConflictError,
        409,
        "reservation_already_committed",
        says="Read what was spent (committed_amount); a refund gives it back.",
    ):
        await client.release_reservation(held.reservation_id)


@story
async def test_cr10_released_credits_are_all_free_again(cast: Cast) -> None:
    client = cast.credits()
    await _stocked(cast)
    held = await client.reserve(amount=50, reason="render")
    assert held.expires_at == datetime(2024, 1, 28, 0, 15, tzinfo=UTC)
    for _ in range(2):
        released = await client.release_reservation(held.reservation_id)
        assert (released.status, released.balance.available) == ("released", 100)
    with fails(
        ConflictError,
        409,
        "reservation_already_released",
        says="Reserve again; the credits of this one are free.",
    ):
        await client.commit_reservation(held.reservation_id)
    with fails(NotFoundError, 404, "reservation_not_found", says=CHECK):
        await cast.credits("user_2").release_reservation(held.reservation_id)


@story
async def test_6_a_hold_that_nobody_resolves_expires(cast: Cast) -> None:
    client = cast.credits()
    await _stocked(cast)
    held = await client.reserve(amount=50, reason="render", ttl_seconds=60)
    cast.server.clock.advance(seconds=60)
    balance = await client.get_balance()
    assert (balance.available_credits, balance.reserved_credits) == (100, 0)
    assert cast.server.events.types()[-1] == "credits.reservation_expired"
    with fails(
        ConflictError,
        409,
        "reservation_expired",
        says="Reserve again, with a longer ttl_seconds where the work takes longer.",
    ):
        await client.commit_reservation(held.reservation_id)


@story
async def test_cr13_a_consumption_is_given_back_in_parts_and_no_further(cast: Cast) -> None:
    client = cast.credits()
    await _stocked(cast)
    used = await client.consume(amount=60, reason="image_generation")
    part = await client.refund_consumption(used.consumption_id, amount=20)
    assert (part.refunded, part.balance.available) == (20, 60)
    with fails(
        InvalidRequestError,
        422,
        "refund_exceeds_remaining",
        param="amount",
        context={"remaining": 40},
        says="Refund at most what remains (context['remaining'], minor units).",
    ):
        await client.refund_consumption(used.consumption_id, amount=41)
    whole = await client.refund_consumption(used.consumption_id)
    assert (whole.refunded, whole.balance.available) == (60, 100)
    with fails(NotFoundError, 404, "consumption_not_found", says=CHECK):
        await cast.credits("user_2").refund_consumption(used.consumption_id)
    assert cast.server.events.types()[-1] == "credits.refunded"


@story
async def test_cr16_the_history_tells_every_movement_and_adds_up(cast: Cast) -> None:
    client = cast.credits()
    purchase = await _stocked(cast)
    used = await client.consume(amount=10, reason="image_generation")
    held = await client.reserve(amount=50, reason="render")
    await client.commit_reservation(held.reservation_id, amount=30)
    await client.refund_consumption(used.consumption_id, amount=4)
    rows = await everything(client.get_transactions(limit=2))
    by_type = {row.type: row for row in rows}
    assert (by_type["consume"].amount, by_type["commit"].amount, by_type["refund"].amount) == (-10, -30, 4)
    assert [(part.grant_id, part.amount) for part in by_type["consume"].allocations] == [
        (purchase.grant_id, 10)
    ]
    assert rows[0].type == "refund"
    assert (rows[0].balance_after.available, rows[0].balance_after.reserved) == (64, 0)
    assert (await client.get_balance()).total_credits == 100 - 10 - 30 + 4
    assert [row.type for row in await everything(client.get_transactions(type="consume"))] == ["consume"]
    before = await everything(client.get_transactions(created_before=datetime(2024, 1, 28, tzinfo=UTC)))
    assert before == []


@story
async def test_cr14_money_for_used_credits_does_not_go_back(cast: Cast) -> None:
    client = cast.credits()
    purchase = await _stocked(cast)
    await client.consume(amount=60, reason="image_generation")
    says = "Refund less: some of the credits that were bought have been used."
    with fails(ConflictError, 409, "credits_already_consumed", says=says):
        await cast.payments().refund(purchase.payment_intent_id)
    await cast.payments().refund(purchase.payment_intent_id, amount=400)
    assert (await client.get_balance()).total_credits == 0
