"""Money in integer minor units: currencies, limits and the one rounding rule (rules section 1)."""

from __future__ import annotations

from collections.abc import Mapping

from .errors import DomainError

CREDITS = "credits"
MAX_CHARGE = 99_999_999
MAX_TOTAL = 2**53 - 1

_ZERO_DECIMAL = frozenset("jpy krw vnd clp".split())
_THREE_DECIMAL = frozenset("kwd bhd jod omr tnd".split())
FIAT = frozenset(
    "usd eur gbp cad aud nzd chf sgd hkd sek nok dkk pln czk mxn brl inr "
    "jpy krw vnd clp kwd bhd jod omr tnd".split()
)

_CHARGE_MINIMA: Mapping[str, int] = {
    "gbp": 30,
    "hkd": 400,
    "sek": 300,
    "nok": 300,
    "dkk": 250,
    "pln": 200,
    "czk": 1500,
    "mxn": 1000,
    **dict.fromkeys(_THREE_DECIMAL, 500),
}
_DEFAULT_CHARGE_MINIMUM = 50


def exponent(currency: str) -> int:
    """Digits after the decimal point of a fiat currency or of `credits` (rules M-2, M-11)."""
    if currency in _ZERO_DECIMAL or currency == CREDITS:
        return 0
    return 3 if currency in _THREE_DECIMAL else 2


def charge_minimum(currency: str) -> int:
    """The smallest amount that can be charged, in minor units (rules M-5)."""
    return _CHARGE_MINIMA.get(currency, _DEFAULT_CHARGE_MINIMUM)


def round_half_away(numerator: int, denominator: int) -> int:
    """The nearest integer to numerator/denominator, ties away from zero (rules M-8, `hu`)."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    n, d = abs(numerator), abs(denominator)
    return sign * ((2 * n + d) // (2 * d))


def fiat_currency(text: str) -> str:
    """A supported fiat currency in lower case (rules M-4).

    Raises:
        DomainError: `unsupported_currency`.
    """
    currency = text.lower()
    if currency not in FIAT:
        raise DomainError(
            "unsupported_currency",
            f"Currency {text!r} is not supported; use one of {', '.join(sorted(FIAT))}.",
            param="currency",
        )
    return currency


def positive_amount(amount: int, *, maximum: int = MAX_CHARGE) -> int:
    """An amount of at least 1 and at most `maximum` minor units (rules M-6).

    Raises:
        DomainError: `invalid_amount` or `amount_too_large`.
    """
    if amount < 1:
        raise DomainError("invalid_amount", "The amount must be 1 or more, in minor units.", param="amount")
    if amount > maximum:
        raise DomainError(
            "amount_too_large",
            f"The amount must be at most {maximum} minor units.",
            param="amount",
            context={"maximum": maximum},
        )
    return amount


def charge_amount(amount: int, currency: str) -> int:
    """An amount that a card, bank or wallet can be charged (rules M-3, M-5, M-6).

    Raises:
        DomainError: `invalid_amount`, `amount_too_small` or `amount_too_large`.
    """
    positive_amount(amount)
    minimum = charge_minimum(currency)
    if amount < minimum:
        raise DomainError(
            "amount_too_small",
            f"The smallest charge in {currency} is {minimum} minor units.",
            param="amount",
            context={"minimum": minimum},
        )
    return card_amount(amount, currency)


def card_amount(amount: int, currency: str, *, param: str = "amount") -> int:
    """An amount that cards can move, to or from them: in whole steps of the currency (rules M-3).

    Raises:
        DomainError: `invalid_amount`.
    """
    if exponent(currency) == 3 and amount % 10:
        raise DomainError(
            "invalid_amount",
            f"Amounts in {currency} move in steps of 10 minor units.",
            param=param,
        )
    return amount


def bounded_total(total: int, *, param: str = "amount") -> int:
    """A balance, total or product that JSON can carry exactly (rules M-7).

    Raises:
        DomainError: `amount_overflow`.
    """
    if abs(total) > MAX_TOTAL:
        raise DomainError(
            "amount_overflow", f"The result passes {MAX_TOTAL}; nothing was stored.", param=param
        )
    return total


def format_money(amount: int, currency: str) -> str:
    """An amount for people, such as `29.99 USD`, made without floats."""
    digits = exponent(currency)
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(amount), 10**digits)
    tail = f".{part:0{digits}d}" if digits else ""
    return f"{sign}{whole}{tail} {currency.upper()}"
