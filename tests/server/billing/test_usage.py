"""Recording usage (rules 4.2)."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from tests.server.subscriptions.shop import Got, Recorder, Shop

NOW = "2024-01-28T00:00:00Z"


def _record(shop: Shop, *, user: str = "alice", **body: Any) -> Got:
    return shop.post("/billing/usage", {"metric": "api_calls", "quantity": 1, **body}, user=user)


def _used(shop: Shop, metric: str = "api_calls", user: str = "alice") -> int:
    return int(shop.get(f"/billing/quota?metric={metric}", user=user).body["used"])


def test_us1_the_sample_of_the_page_is_recorded() -> None:
    shop = Shop()
    shop.advance(hours=12)
    got = _record(shop, quantity=150, timestamp="2024-01-28T10:00:00Z")
    assert got.status == 201
    assert {
        "metric": "api_calls",
        "quantity": 150,
        "timestamp": "2024-01-28T10:00:00Z",
        "recorded_at": "2024-01-28T12:00:00Z",
        "event_id": None,
        "duplicate": False,
        "late": False,
        "metadata": {},
    }.items() <= got.body.items()
    assert {
        "limit": 1000,
        "used": 150,
        "remaining": 850,
        "exceeded": False,
        "period_start": "2024-01-01T00:00:00Z",
        "period_end": "2024-02-01T00:00:00Z",
    }.items() <= got.body["quota"].items()


def test_no_event_is_sent_for_a_usage_record(shop: Shop, news: Recorder) -> None:
    """Rules WH-3."""
    _record(shop)
    assert news.types() == []


def test_us1_the_timestamp_is_now_by_default(shop: Shop) -> None:
    assert _record(shop).body["timestamp"] == NOW


@pytest.mark.parametrize("metric", ["storage_gb_hours", "compute_seconds", "bandwidth_mb", "tokens"])
def test_us2_other_metrics_have_no_quota(shop: Shop, metric: str) -> None:
    assert _record(shop, metric=metric, quantity=10**9).body["quota"] is None
    quota = shop.get(f"/billing/quota?metric={metric}").body
    assert (quota["limit"], quota["remaining"], quota["allowed"], quota["used"]) == (None, None, True, 10**9)


def test_us2_an_unknown_metric_is_refused_with_the_list(shop: Shop) -> None:
    got = _record(shop, metric="steps")
    assert (got.status, got.code) == (422, "unknown_metric")
    assert "tokens" in got.body["context"]["metrics"]
    assert shop.get("/billing/quota?metric=steps").code == "unknown_metric"
    assert shop.get("/billing/usage?metric=steps").code == "unknown_metric"


@pytest.mark.parametrize("quantity", [0, -1, 1_000_000_001, 1.5, "1", True, None])
def test_us3_the_quantity_is_a_whole_number_from_1(shop: Shop, quantity: Any) -> None:
    got = _record(shop, quantity=quantity)
    assert (got.status, got.code) == (422, "invalid_quantity")
    assert _used(shop) == 0


def test_us3_an_admin_takes_back_what_was_recorded_wrongly(shop: Shop) -> None:
    usage = _record(shop, quantity=100).body["usage_id"]
    got = _record(shop, user="admin", quantity=-30, corrects=usage)
    assert (got.status, got.body["corrects"], got.body["quantity"]) == (201, usage, -30)
    assert _used(shop) == 70
    assert _used(shop, user="admin") == 0


def test_us3_no_more_is_taken_back_than_was_recorded(shop: Shop) -> None:
    usage = _record(shop, quantity=100).body["usage_id"]
    _record(shop, user="admin", quantity=-60, corrects=usage)
    assert _record(shop, user="admin", quantity=-41, corrects=usage).code == "invalid_quantity"
    assert _record(shop, user="admin", quantity=-40, corrects=usage).status == 201
    assert _used(shop) == 0


@pytest.mark.parametrize(
    ("user", "quantity", "corrects", "answer"),
    [
        ("alice", -1, "known", (403, "permission_denied")),
        ("admin", -1, "usage_nothing", (404, "usage_record_not_found")),
        ("admin", 1, "known", (422, "invalid_quantity")),
    ],
)
def test_us3_who_may_correct_what(
    shop: Shop, user: str, quantity: int, corrects: str, answer: tuple[int, str]
) -> None:
    usage = _record(shop, quantity=5).body["usage_id"]
    named = usage if corrects == "known" else corrects
    got = _record(shop, user=user, quantity=quantity, corrects=named)
    assert (got.status, got.code) == answer
    assert _used(shop) == 5


def test_us4_the_same_event_counts_once(shop: Shop) -> None:
    first = _record(shop, quantity=7, event_id="evt-1", metadata={"a": "b"})
    again = _record(shop, quantity=7, event_id="evt-1", metadata={"a": "b"})
    assert (first.status, again.status) == (201, 200)
    assert again.body == {**first.body, "duplicate": True}
    assert _used(shop) == 7


@pytest.mark.parametrize(
    "change",
    [{"quantity": 8}, {"timestamp": "2024-01-27T00:00:00Z"}, {"metric": "tokens"}, {"metadata": {"a": "c"}}],
)
def test_us4_the_same_event_with_other_content_is_a_conflict(shop: Shop, change: dict[str, Any]) -> None:
    event: dict[str, Any] = {"quantity": 7, "event_id": "evt-1", "metadata": {"a": "b"}}
    _record(shop, **event)
    got = _record(shop, **{**event, **change})
    assert (got.status, got.code) == (409, "usage_event_conflict")
    assert _used(shop) == 7


def test_us4_the_key_is_the_users_own_and_kept_for_good(shop: Shop) -> None:
    _record(shop, event_id="evt-1")
    assert _record(shop, user="bob", event_id="evt-1").status == 201
    shop.advance(days=36)
    assert _record(shop, event_id="evt-1").status == 200


def test_us4_without_a_key_each_call_counts(shop: Shop) -> None:
    _record(shop, quantity=7)
    _record(shop, quantity=7)
    assert _used(shop) == 14


@pytest.mark.parametrize(
    ("timestamp", "code"),
    [
        ("2024-01-28T10:00:00", "invalid_timestamp"),
        ("yesterday", "invalid_timestamp"),
        (1706436000, "invalid_timestamp"),
        ("2024-01-28T00:05:01Z", "timestamp_in_future"),
    ],
)
def test_us5_bad_timestamps_are_refused(shop: Shop, timestamp: Any, code: str) -> None:
    got = _record(shop, timestamp=timestamp)
    assert (got.status, got.code) == (422, code)
    assert _used(shop) == 0


def test_us5_five_minutes_ahead_and_an_offset_are_fine(shop: Shop) -> None:
    assert _record(shop, timestamp="2024-01-28T00:05:00Z").status == 201
    got = _record(shop, timestamp="2024-01-28T01:00:00+02:00").body
    assert got["timestamp"] == "2024-01-27T23:00:00Z"


def test_us5_old_usage_is_accepted_and_late_after_35_days(shop: Shop) -> None:
    assert _record(shop, timestamp="2023-12-24T00:00:00Z").body["late"] is False
    got = _record(shop, timestamp="2023-12-23T23:59:59Z")
    assert (got.status, got.body["late"]) == (201, True)
    assert _record(shop, timestamp="0001-01-01T00:00:00Z").body["late"] is True


def test_us5_a_server_may_be_set_to_refuse_old_usage() -> None:
    shop = Shop(max_usage_age=timedelta(days=35))
    got = _record(shop, timestamp="2023-12-23T23:59:59Z")
    assert (got.status, got.code) == (422, "timestamp_too_old")
    assert _record(shop, timestamp="2023-12-24T00:00:00Z").status == 201


def test_us8_a_batch_judges_each_event_alone(shop: Shop) -> None:
    events: list[Any] = [
        {"metric": "api_calls", "quantity": 10, "event_id": "a"},
        {"metric": "api_calls", "quantity": 10, "event_id": "a"},
        {"metric": "api_calls", "quantity": 11, "event_id": "a"},
        {"metric": "steps", "quantity": 1},
        {"metric": "api_calls", "quantity": 0},
        {"metric": "api_calls"},
        "nonsense",
        {"metric": "api_calls", "quantity": 5},
    ]
    got = shop.post("/billing/usage/batch", {"events": events})
    assert got.status == 200
    assert (got.body["accepted"], got.body["duplicates"]) == (2, 1)
    assert [(each["index"], each["code"]) for each in got.body["rejected"]] == [
        (2, "usage_event_conflict"),
        (3, "unknown_metric"),
        (4, "invalid_quantity"),
        (5, "invalid_quantity"),
        (6, "invalid_type"),
    ]
    assert _used(shop) == 15


@pytest.mark.parametrize("events", [[], [{"metric": "api_calls", "quantity": 1}] * 101, "x", None])
def test_us8_a_batch_has_1_to_100_events(shop: Shop, events: Any) -> None:
    assert shop.post("/billing/usage/batch", {"events": events}).status == 422
    assert _used(shop) == 0


def test_us8_any_split_and_order_gives_the_same_sums() -> None:
    """Invariants 16 to 18: shuffled, doubled and batched, the windows come out the same."""
    draw = random.Random(7)
    stamps = [f"2024-01-{draw.randint(1, 27):02d}T{draw.randint(0, 23):02d}:30:00Z" for _ in range(60)]
    quantities = [draw.randint(1, 50) for _ in stamps]
    events = [
        {"metric": "api_calls", "quantity": quantity, "timestamp": stamp, "event_id": f"e{n}"}
        for n, (stamp, quantity) in enumerate(zip(stamps, quantities, strict=True))
    ]
    shuffled = draw.sample(events * 2, len(events) * 2)
    one, many = Shop(), Shop()
    for event in events:
        one.post("/billing/usage", event)
    for start in range(0, len(shuffled), 40):
        many.post("/billing/usage/batch", {"events": shuffled[start : start + 40]})
    total = sum(quantities)
    for window in ("hour", "day", "month"):
        query = f"metric=api_calls&window={window}&start=2024-01-01T00:00:00Z&end=2024-02-01T00:00:00Z"
        sums = [shop.get(f"/billing/usage?{query}").body for shop in (one, many)]
        assert sums[0] == sums[1]
        assert sums[0]["total"] == sum(each["quantity"] for each in sums[0]["data"]) == total
    assert _used(one) == _used(many) == total


def test_us7_windows_are_half_open_and_filled_with_zeros(shop: Shop) -> None:
    shop.move_to("2024-02-03T00:00:00+00:00")
    for stamp, quantity in (
        ("2024-01-30T23:59:59Z", 1),
        ("2024-01-31T00:00:00Z", 2),
        ("2024-02-01T00:00:00Z", 4),
        ("2024-02-02T00:00:00Z", 8),
    ):
        _record(shop, timestamp=stamp, quantity=quantity)
    days = shop.get(
        "/billing/usage?metric=api_calls&window=day&start=2024-01-29T00:00:00Z&end=2024-02-02T00:00:00Z"
    ).body
    assert [each["quantity"] for each in days["data"]] == [0, 1, 2, 4]
    assert days["total"] == 7
    months = shop.get(
        "/billing/usage?metric=api_calls&window=month&start=2024-01-01T00:00:00Z&end=2024-03-01T00:00:00Z"
    ).body
    assert [(each["start"], each["quantity"]) for each in months["data"]] == [
        ("2024-01-01T00:00:00Z", 3),
        ("2024-02-01T00:00:00Z", 12),
    ]


def test_us7_outer_windows_are_cut_to_what_was_asked(shop: Shop) -> None:
    data = shop.get(
        "/billing/usage?metric=api_calls&window=day&start=2024-01-01T12:00:00Z&end=2024-01-02T06:00:00Z"
    ).body["data"]
    assert [(each["start"], each["end"]) for each in data] == [
        ("2024-01-01T12:00:00Z", "2024-01-02T00:00:00Z"),
        ("2024-01-02T00:00:00Z", "2024-01-02T06:00:00Z"),
    ]


def test_us7_the_default_is_the_present_month_by_days(shop: Shop) -> None:
    got = shop.get("/billing/usage?metric=api_calls").body
    assert (got["start"], got["end"], got["window"], len(got["data"])) == (
        "2024-01-01T00:00:00Z",
        "2024-02-01T00:00:00Z",
        "day",
        31,
    )


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("start=2024-01-02T00:00:00Z&end=2024-01-02T00:00:00Z", "invalid_value"),
        ("start=2024-01-03T00:00:00Z&end=2024-01-02T00:00:00Z", "invalid_value"),
        ("start=2024-01-01&end=2024-01-02T00:00:00Z", "invalid_timestamp"),
        ("window=week", "invalid_value"),
        ("window=hour&start=2024-01-01T00:00:00Z&end=2024-02-11T16:00:01Z", "invalid_value"),
        ("window=month&start=9999-01-01T00:00:00Z&end=9999-12-31T00:00:00Z", "invalid_timestamp"),
    ],
)
def test_us7_what_cannot_be_added_up(shop: Shop, query: str, code: str) -> None:
    got = shop.get(f"/billing/usage?metric=api_calls&{query}")
    assert (got.status, got.code) == (422, code)


def test_us7_a_thousand_windows_are_not_too_many(shop: Shop) -> None:
    query = "window=hour&start=2024-01-01T00:00:00Z&end=2024-02-11T16:00:00Z"
    assert len(shop.get(f"/billing/usage?metric=api_calls&{query}").body["data"]) == 1000


def test_inv35_usage_of_others_is_not_counted(shop: Shop) -> None:
    _record(shop, user="bob", quantity=900)
    assert _record(shop, quantity=1).body["quota"]["used"] == 1
    assert shop.get("/billing/usage?metric=api_calls").body["total"] == 1


def test_us4_events_of_users_whose_names_run_together_are_not_the_same(shop: Shop) -> None:
    """Identity providers hand out ids such as `auth0|1`."""
    mine = {"metric": "api_calls", "quantity": 5, "event_id": "1|e"}
    theirs = {"metric": "api_calls", "quantity": 6, "event_id": "e"}
    assert shop.post("/billing/usage", mine, user="auth0").status == 201
    recorded = shop.post("/billing/usage", theirs, user="auth0|1")
    assert (recorded.status, recorded.body["duplicate"]) == (201, False)


def test_us7_a_stretch_over_months_and_years_counts_all_between_its_edges(shop: Shop) -> None:
    """[12-15, 01-20): the days before and after are of the same months, and are not counted."""
    days = ("2023-11-30", "2023-12-14", "2023-12-15", "2023-12-31", "2024-01-01", "2024-01-19", "2024-01-20")
    for number, day in enumerate(days):
        assert _record(shop, quantity=10**number, timestamp=f"{day}T00:00:00Z").status == 201
    query = "window=month&start=2023-12-15T00:00:00Z&end=2024-01-20T00:00:00Z"
    got = shop.get(f"/billing/usage?metric=api_calls&{query}").body
    assert [part["quantity"] for part in got["data"]] == [1_100, 110_000]
    assert got["total"] == 111_100


def test_usage_is_found_by_its_month_so_that_a_long_past_costs_nothing(shop: Shop) -> None:
    for month in range(1, 13):
        _record(shop, timestamp=f"2023-{month:02}-15T00:00:00Z")
    records = shop.world.tables["usage_records"]
    assert len(records.ids("series_month", "alice|api_calls|2023-7")) == 1
    assert len(records.ids("series", "alice|api_calls")) == 12
