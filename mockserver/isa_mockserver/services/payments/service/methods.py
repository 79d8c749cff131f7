"""Payment methods: the built-in test tokens, and each user's default (rules 2.1, SB-3)."""

from __future__ import annotations

from collections.abc import Mapping

from isa_mockserver.kernel.cards import METHODS, Decline, Rail, TestMethod
from isa_mockserver.kernel.chart import EXTERNAL_BANK, EXTERNAL_CARD, Account, wallet_available
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.payments.model.intent import CaptureMethod, Intent
from isa_mockserver.services.payments.model.payment import PAYERS, Payer
from isa_mockserver.services.ports import DefaultMethodChanged, PaymentType

WALLET_SHORTFALL = Decline("insufficient_funds", None, "The wallet does not hold enough of this currency.")
_OUTSIDE: Mapping[Rail, Account] = {"card": EXTERNAL_CARD, "bank": EXTERNAL_BANK}


def find_method(payment_method_id: str) -> TestMethod:
    """The test method of this token.

    Raises:
        DomainError: `payment_method_not_found`.
    """
    method = METHODS.get(payment_method_id)
    if method is None:
        raise DomainError(
            "payment_method_not_found",
            "There is no such payment method; use a test token such as pm_card_visa.",
            param="payment_method_id",
        )
    return method


def fitting_method(
    payment_method_id: str, type_: PaymentType, capture_method: CaptureMethod = "automatic"
) -> TestMethod:
    """The test method, where it can pay for this.

    Raises:
        DomainError: `payment_method_not_found`; `invalid_value` for a deposit out of the wallet, or for
            holding money on anything but a card.
    """
    method = find_method(payment_method_id)
    if method.rail == "wallet" and type_ == "deposit":
        raise DomainError(
            "invalid_value", "A deposit cannot be paid out of the wallet.", param="payment_method_id"
        )
    if method.rail != "card" and capture_method == "manual":
        raise DomainError(
            "invalid_value", "Only a card can be charged in two steps.", param="payment_method_id"
        )
    return method


def instrument(method: TestMethod, owner: str) -> Account:
    """The account that a charge by this method draws on, and to which its refund returns (rules RF-4)."""
    return wallet_available(owner) if method.rail == "wallet" else _OUTSIDE[method.rail]


def method_of(intent: Intent) -> TestMethod:
    """The method of the intent's last attempt."""
    return METHODS[intent.payment_method_id or ""]


def default_method(unit: Unit, owner: str) -> str | None:
    """The payment method that last succeeded for this user, or None (rules SB-3)."""
    payer = unit.get(PAYERS, owner)
    return payer.default_method_id if payer else None


def remember_method(unit: Unit, owner: str, payment_method_id: str) -> None:
    """Keep the method as the user's default, and say so where it is another one than before."""
    known = unit.get(PAYERS, owner)
    if known and known.default_method_id == payment_method_id:
        return
    unit.put(PAYERS, Payer(owner, owner, known.created_at if known else unit.now, payment_method_id))
    unit.notify_at_end(DefaultMethodChanged(owner=owner, payment_method_id=payment_method_id))


def required_method(unit: Unit, owner: str, payment_method_id: str | None) -> str:
    """The given method, else the user's default.

    Raises:
        DomainError: `payment_method_required` where there is neither.
    """
    found = payment_method_id or default_method(unit, owner)
    if found is None:
        raise DomainError(
            "payment_method_required",
            "Give a payment_method_id; no payment method of yours is on file.",
            param="payment_method_id",
        )
    return found
