"""How models look in a notebook: a small table with formatted money and masked secrets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Any

from isa_user.models.common import Model

__all__ = ["format_money", "html_rows", "html_table"]

# ISO 4217 exponents that are not 2 (rules M-2).
_EXPONENT_0 = "bif clp djf gnf jpy kmf krw pyg rwf vnd vuv xaf xof xpf credits"
_EXPONENT_3 = "bhd iqd jod kwd lyd omr tnd"
_EXPONENTS: Mapping[str, int] = {
    **dict.fromkeys(_EXPONENT_0.split(), 0),
    **dict.fromkeys(_EXPONENT_3.split(), 3),
}

_MONEY_FIELDS = frozenset(
    "amount amount_received amount_refunded amount_due amount_paid amount_remaining balance "
    "balance_before balance_after subtotal tax total price unit_price customer_balance_applied "
    "overpaid_amount".split()
)
_BY_CURRENCY_FIELDS = frozenset({"balances", "pending"})
# Coins count in units of their own (rules CY-2); a cent sign would mislead.
_FIAT_LENGTH = 3
_CREDITS = "credits"
_NOTHING = "–"


def format_money(amount_minor: int, currency: str) -> str:
    """Format an amount of minor units: ``format_money(2999, "usd") == "29.99 USD"``; credits are counted."""
    exponent = _EXPONENTS.get(currency, 2)
    digits = str(abs(amount_minor)).rjust(exponent + 1, "0")
    text = f"{digits[:-exponent]}.{digits[-exponent:]}" if exponent else digits
    unit = currency if currency == _CREDITS else currency.upper()
    return f"{'-' if amount_minor < 0 else ''}{text} {unit}"


def _text(name: str, value: Any, currency: str | None) -> str:
    """A single value, not yet escaped."""
    if value is None:
        return _NOTHING
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} {value.tzname() or ''}".rstrip()
    is_amount = name in _MONEY_FIELDS and isinstance(value, int) and not isinstance(value, bool)
    if is_amount and currency is not None and len(currency) == _FIAT_LENGTH:
        return format_money(value, currency)
    return str(value)


def _cell(name: str, value: Any, currency: str | None) -> str:
    """A value as HTML; what holds values of its own is one line an entry."""
    if isinstance(value, Mapping) and name in _BY_CURRENCY_FIELDS:
        return "<br>".join(escape(format_money(amount, key)) for key, amount in value.items())
    if isinstance(value, Model | Mapping):
        return "<br>".join(_entries(value, currency)) or _NOTHING
    if isinstance(value, list | tuple):
        return "<br>".join(" · ".join(_entries(each, currency)) for each in value) or _NOTHING
    return escape(_text(name, value, currency))


def _entries(value: Any, currency: str | None) -> Iterator[str]:
    """The parts of an object that say something, each with its name; another value is its only part."""
    if isinstance(value, Model):
        fields = ((str(name), each) for name, each in value.__repr_args__() if each is not None)
        currency = getattr(value, "currency", None) or currency
    elif isinstance(value, Mapping):
        fields = ((str(name), each) for name, each in value.items())
    else:
        yield escape(_text("", value, currency))
        return
    for name, each in fields:
        yield f"{escape(name)}: {_cell(name, each, currency)}"


def _cells(model: Model) -> list[tuple[str, str]]:
    currency = getattr(model, "currency", None)
    return [(str(name), _cell(str(name), value, currency)) for name, value in model.__repr_args__()]


def html_table(model: Model) -> str:
    """One object as a two-column table."""
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{cell}</td></tr>" for name, cell in _cells(model))
    return f"<table><caption>{escape(type(model).__name__)}</caption>{rows}</table>"


def html_rows(models: Iterable[Model]) -> str:
    """Many objects as one table, a row each; the columns are those of the first."""
    tables = [dict(_cells(model)) for model in models]
    if not tables:
        return "<table><caption>empty page</caption></table>"
    head = "".join(f"<th>{escape(name)}</th>" for name in tables[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{row.get(name, '')}</td>" for name in tables[0]) + "</tr>" for row in tables
    )
    return f"<table><tr>{head}</tr>{body}</table>"
