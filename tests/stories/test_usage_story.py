"""Usage added up, in batches, and held against the quota (rules 4.2, 4.3)."""

from __future__ import annotations

from datetime import UTC, datetime

from isa_user import ConflictError, InvalidRequestError, PermissionDeniedError, UsageEventParam

from .colours import Cast, everything, story
from .failures import fails

FIELDS = "Nothing was applied; correct what the message names (error.errors has all)."


def _at(day: int, hour: int = 0) -> datetime:
    return datetime(2024, 1, day, hour, tzinfo=UTC)


@story
async def test_us7_usage_is_added_up_in_half_open_windows_with_zeros_between(cast: Cast) -> None:
    client = cast.billing()
    for day, hour, quantity in ((25, 0, 100), (25, 23, 20), (27, 12, 3), (28, 0, 1000)):
        await client.record_usage(metric="api_calls", quantity=quantity, timestamp=_at(day, hour))
    days = await client.get_usage(metric="api_calls", start=_at(25), end=_at(28), window="day")
    assert [window.quantity for window in days.data] == [120, 0, 3]
    assert (days.total, days.window, days.start, days.end) == (123, "day", _at(25), _at(28))
    assert [window.start for window in days.data] == [_at(25), _at(26), _at(27)]
    hours = await client.get_usage(metric="api_calls", start=_at(25), end=_at(26), window="hour")
    assert (len(hours.data), hours.data[0].quantity, hours.data[23].quantity) == (24, 100, 20)
    month = await client.get_usage(metric="api_calls", window="month")
    assert [window.quantity for window in month.data] == [1123]
    assert (await client.get_usage(metric="tokens")).total == 0


@story
async def test_us7_a_window_that_ends_before_it_starts_and_an_unknown_metric_are_refused(cast: Cast) -> None:
    client = cast.billing()
    with fails(InvalidRequestError, 422, "invalid_value", says=FIELDS, param="start"):
        await client.get_usage(metric="api_calls", start=_at(2), end=_at(1))
    with fails(InvalidRequestError, 422, "unknown_metric", says=FIELDS, param="metric"):
        await client.get_usage(metric="gold")


@story
async def test_us8_each_event_of_a_batch_is_judged_alone(cast: Cast) -> None:
    client = cast.billing()
    events: list[UsageEventParam] = [
        {"metric": "api_calls", "quantity": 10, "event_id": "a", "timestamp": _at(27)},
        {"metric": "gold", "quantity": 1},
        {"metric": "api_calls", "quantity": 10, "event_id": "a", "timestamp": _at(27)},
        {"metric": "api_calls", "quantity": 5, "event_id": "b", "metadata": {"job": "7"}},
        {"metric": "api_calls", "quantity": 0},
    ]
    batch = await client.record_usage_batch(events=events)
    assert (batch.accepted, batch.duplicates) == (2, 1)
    assert [(each.index, each.code) for each in batch.rejected] == [
        (1, "unknown_metric"),
        (4, "invalid_quantity"),
    ]
    assert all(each.detail for each in batch.rejected)
    assert (await client.get_usage(metric="api_calls")).total == 15
    again = await client.record_usage_batch(events=events)
    assert (again.accepted, again.duplicates) == (0, 3)
    assert (await client.get_usage(metric="api_calls")).total == 15


@story
async def test_us8_a_batch_has_one_to_a_hundred_events(cast: Cast) -> None:
    client = cast.billing()
    event: UsageEventParam = {"metric": "api_calls", "quantity": 1}
    assert (await client.record_usage_batch(events=[event] * 100)).accepted == 100
    for number in (0, 101):
        with fails(InvalidRequestError, 422, "invalid_value", says=FIELDS, param="events"):
            await client.record_usage_batch(events=[event] * number)


@story
async def test_us4_the_same_event_counts_once_and_another_under_its_id_is_refused(cast: Cast) -> None:
    client = cast.billing()
    first = await client.record_usage(metric="api_calls", quantity=10, timestamp=_at(27), event_id="e1")
    again = await client.record_usage(metric="api_calls", quantity=10, timestamp=_at(27), event_id="e1")
    assert (first.duplicate, again.duplicate, again.usage_id) == (False, True, first.usage_id)
    with fails(
        ConflictError,
        409,
        "usage_event_conflict",
        param="event_id",
        says="Use a new event_id for new usage; this one belongs to other data.",
    ):
        await client.record_usage(metric="api_calls", quantity=11, timestamp=_at(27), event_id="e1")
    assert (await client.get_usage(metric="api_calls")).total == 10


@story
async def test_qu1_a_quota_check_says_what_would_fit_and_consumes_nothing(cast: Cast) -> None:
    client = cast.billing()
    await client.record_usage(metric="api_calls", quantity=990)
    fits = await client.get_quota(metric="api_calls", quantity=10)
    assert (fits.allowed, fits.limit, fits.used, fits.remaining, fits.exceeded) == (
        True,
        1000,
        990,
        10,
        False,
    )
    assert fits.reset_at == datetime(2024, 2, 1, tzinfo=UTC)
    assert not (await client.get_quota(metric="api_calls", quantity=11)).allowed
    assert (await client.get_quota()).used == 990
    await client.record_usage(metric="api_calls", quantity=10)
    full = await client.get_quota(metric="api_calls")
    assert (full.exceeded, full.remaining, full.allowed) == (False, 0, False)
    cast.server.clock.set("2024-02-01T00:00:00Z")
    assert (await client.get_quota(metric="api_calls")).used == 0


@story
async def test_qu3_sixty_thousand_calls_on_pro_bill_ten_thousand_cents_of_overage(cast: Cast) -> None:
    await cast.subscriptions().create_subscription(
        plan_id="plan_pro_monthly", payment_method_id="pm_card_visa"
    )
    client = cast.billing()
    record = await client.record_usage(metric="api_calls", quantity=60_000)
    assert record.quota is not None
    assert (record.quota.limit, record.quota.remaining, record.quota.exceeded) == (50_000, 0, True)
    cast.server.clock.set("2024-02-28T01:00:00Z")
    [renewal, _] = await everything(client.get_invoices())
    overage = next(item for item in renewal.items if item.quantity == 10_000)
    assert (overage.unit_price, overage.amount) == (1, 10_000)
    assert (renewal.status, renewal.total) == ("paid", 12_999)


@story
async def test_qu_an_annual_enterprise_quota_is_unlimited(cast: Cast) -> None:
    await cast.subscriptions().create_subscription(
        plan_id="plan_enterprise_annual", payment_method_id="pm_card_visa"
    )
    quota = await cast.billing().get_quota(metric="api_calls", quantity=1_000_000_000)
    assert (quota.limit, quota.remaining, quota.allowed) == (None, None, True)


@story
async def test_us3_usage_is_corrected_by_an_admin_only(cast: Cast) -> None:
    record = await cast.billing().record_usage(metric="api_calls", quantity=100)
    says = "Use the right user's token, or one with the role that the message names."
    with fails(PermissionDeniedError, 403, "permission_denied", says=says, param="corrects"):
        await cast.billing().record_usage(metric="api_calls", quantity=-40, corrects=record.usage_id)
    admin = cast.billing("boss", roles=["admin"])
    fixed = await admin.record_usage(metric="api_calls", quantity=-40, corrects=record.usage_id)
    assert (fixed.corrects, fixed.quantity) == (record.usage_id, -40)
    assert (await cast.billing().get_usage(metric="api_calls")).total == 60
