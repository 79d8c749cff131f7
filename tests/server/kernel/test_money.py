"""Money rules M-1 to M-9."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isa_mockserver.kernel import money
from isa_mockserver.kernel.errors import DomainError


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (2999, 2, 1500),
        (3001, 2, 1501),
        (-3001, 2, -1501),
        (2999, 1, 2999),
        (1, 3, 0),
        (2, 3, 1),
        (0, 7, 0),
        (-1, 2, -1),
        (3, -2, -2),
        (-3, -1, 3),
        (1, -1, -1),
    ],
)
def test_m8_rounds_half_away_from_zero(numerator: int, denominator: int, expected: int) -> None:
    assert money.round_half_away(numerator, denominator) == expected


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**9))
def test_m8_rounding_is_symmetrical_and_within_half(numerator: int, denominator: int) -> None:
    rounded = money.round_half_away(numerator, denominator)
    assert rounded == -money.round_half_away(-numerator, denominator)
    assert abs(2 * (rounded * denominator - numerator)) <= denominator


@pytest.mark.parametrize(
    ("currency", "digits"), [("usd", 2), ("jpy", 0), ("clp", 0), ("kwd", 3), ("tnd", 3), ("credits", 0)]
)
def test_m2_exponents(currency: str, digits: int) -> None:
    assert money.exponent(currency) == digits


@pytest.mark.parametrize("text", ["USD", "usd", "Usd"])
def test_m4_currency_is_case_insensitive_in_and_lower_out(text: str) -> None:
    assert money.fiat_currency(text) == "usd"


@pytest.mark.parametrize("text", ["", " usd", "usd ", "us", "usdd", "xxx", "isk", "huf", "credits", "ｕsd"])
def test_m4_other_currencies_are_refused(text: str) -> None:
    with pytest.raises(DomainError) as caught:
        money.fiat_currency(text)
    assert (caught.value.code, caught.value.status) == ("unsupported_currency", 422)


@pytest.mark.parametrize(
    ("currency", "minimum"),
    [
        ("usd", 50),
        ("gbp", 30),
        ("hkd", 400),
        ("sek", 300),
        ("dkk", 250),
        ("pln", 200),
        ("czk", 1500),
        ("mxn", 1000),
        ("jpy", 50),
        ("krw", 50),
        ("kwd", 500),
    ],
)
def test_m5_charge_minimum(currency: str, minimum: int) -> None:
    assert money.charge_amount(minimum, currency) == minimum
    with pytest.raises(DomainError) as caught:
        money.charge_amount(minimum - 1, currency)
    assert caught.value.code == "amount_too_small"
    assert caught.value.context == {"minimum": minimum}


def test_m3_three_decimal_amounts_end_in_zero() -> None:
    with pytest.raises(DomainError) as caught:
        money.charge_amount(5124, "kwd")
    assert caught.value.code == "invalid_amount"
    assert [money.charge_amount(amount, "kwd") for amount in (5120, 5130)] == [5120, 5130]


@pytest.mark.parametrize(
    ("amount", "code"), [(0, "invalid_amount"), (-1, "invalid_amount"), (100_000_000, "amount_too_large")]
)
def test_m6_bounds(amount: int, code: str) -> None:
    with pytest.raises(DomainError) as caught:
        money.charge_amount(amount, "usd")
    assert (caught.value.code, caught.value.param) == (code, "amount")
    assert money.charge_amount(99_999_999, "usd") == 99_999_999


def test_m6_a_refusal_names_the_maximum() -> None:
    with pytest.raises(DomainError) as caught:
        money.positive_amount(1001, maximum=1000)
    assert caught.value.context == {"maximum": 1000}
    assert money.positive_amount(1000, maximum=1000) == 1000


def test_m7_totals_stay_exact_in_json() -> None:
    assert money.bounded_total(9_007_199_254_740_991) == 2**53 - 1
    with pytest.raises(DomainError) as caught:
        money.bounded_total(2**53)
    assert caught.value.code == "amount_overflow"


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (2999, "usd", "29.99 USD"),
        (-5, "usd", "-0.05 USD"),
        (50, "jpy", "50 JPY"),
        (5120, "kwd", "5.120 KWD"),
        (0, "usd", "0.00 USD"),
        (-1, "usd", "-0.01 USD"),
    ],
)
def test_amounts_are_written_for_people(amount: int, currency: str, text: str) -> None:
    assert money.format_money(amount, currency) == text
