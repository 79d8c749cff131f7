"""Checks of values whose limits depend on each other, refused together (rules 8.3)."""

from __future__ import annotations

from collections.abc import Callable

from isa_mockserver.kernel.errors import DomainError, Failure
from isa_mockserver.kernel.money import charge_amount, fiat_currency, positive_amount


def all_checks(*checks: Callable[[], object]) -> None:
    """Run every check and refuse with all their failures; code and param are those of the first.

    Raises:
        DomainError: what the first failing check raised, with the failures of the others added.
    """
    errors = []
    for check in checks:
        try:
            check()
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


def charge_money(amount: int, currency: str) -> str:
    """The currency in lower case, of an amount that can be charged in it (rules M-3 to M-6).

    Raises:
        DomainError: `invalid_amount`, `amount_too_small`, `amount_too_large`, `unsupported_currency`.
    """
    all_checks(lambda: positive_amount(amount), lambda: fiat_currency(currency))
    code = fiat_currency(currency)
    all_checks(lambda: charge_amount(amount, code))
    return code
