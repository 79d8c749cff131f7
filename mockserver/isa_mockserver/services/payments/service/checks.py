"""Checks of values whose limits depend on each other, refused together (rules 8.3)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from isa_mockserver.kernel.errors import DomainError, Failure
from isa_mockserver.kernel.money import charge_amount, fiat_currency, positive_amount


def all_checks(*checks: Callable[[], Any]) -> list[Any]:
    """Run every check and give their results, or refuse with all failures; code and param are the first's.

    Raises:
        DomainError: what the first failing check raised, with the failures of the others added.
    """
    results, errors = [], []
    for check in checks:
        try:
            results.append(check())
        except DomainError as error:
            errors.append(error)
    if errors:
        first = errors[0]
        raise DomainError(
            first.code,
            first.detail,
            param=first.param,
            context=first.context,
            failures=[Failure(error.param, error.code, error.detail) for error in errors],
        )
    return results


@lru_cache(maxsize=1024)
def charge_money(amount: int, currency: str) -> str:
    """The currency in lower case, of an amount that can be charged in it (rules M-3 to M-6).

    What was found good is remembered: a charge is checked by each who passes it on, and plans are charged
    again and again.

    Raises:
        DomainError: `invalid_amount`, `amount_too_small`, `amount_too_large`, `unsupported_currency`.
    """
    try:
        code = fiat_currency(currency)
        charge_amount(amount, code)
    except DomainError:
        all_checks(lambda: positive_amount(amount), lambda: fiat_currency(currency))
        all_checks(lambda: charge_amount(amount, fiat_currency(currency)))
        raise
    return code
