"""The built-in test payment methods, as data (rules 2.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

Rail = Literal["card", "bank", "wallet"]
RefundCourse = Literal["succeeds", "pends", "fails"]


class Decline(NamedTuple):
    """What the issuer said: the error code, the finer decline code, and whether trying again can help."""

    code: str
    decline_code: str | None
    message: str
    hard: bool = False


@dataclass(frozen=True, slots=True)
class TestMethod:
    """How one test payment method behaves.

    `decline` is the answer to a charge (after authentication where that is needed); `off_session_decline`
    the answer to a charge without the customer present; `settles` tells how a bank debit ends.
    """

    __test__ = False

    id: str
    rail: Rail = "card"
    decline: Decline | None = None
    off_session_decline: Decline | None = None
    needs_authentication: bool = False
    settles: bool = True
    refund: RefundCourse = "succeeds"


GENERIC_DECLINE = Decline("card_declined", "generic_decline", "The card was declined.")
INSUFFICIENT_FUNDS = Decline("card_declined", "insufficient_funds", "The card has insufficient funds.")
AUTHENTICATION_REQUIRED = Decline(
    "card_declined", "authentication_required", "The card needs its holder to authenticate.", hard=True
)
BANK_DEBIT_FAILED = Decline("card_declined", "debit_not_authorized", "The bank returned the debit.")

_DECLINES: Mapping[str, Decline] = {
    "": GENERIC_DECLINE,
    "InsufficientFunds": INSUFFICIENT_FUNDS,
    "ExpiredCard": Decline("expired_card", None, "The card has expired."),
    "IncorrectCvc": Decline("incorrect_cvc", None, "The card's security code is incorrect."),
    "ProcessingError": Decline("processing_error", None, "An error occurred while processing the card."),
    "LostCard": Decline("card_declined", "lost_card", "The card was declined.", hard=True),
    "StolenCard": Decline("card_declined", "stolen_card", "The card was declined.", hard=True),
    "Fraudulent": Decline("card_declined", "fraudulent", "The card was declined.", hard=True),
}
_ALSO_SPELT_WITH_VISA = ("", "InsufficientFunds", "LostCard", "StolenCard")
_GOOD_CARDS = ("visa", "visa_debit", "mastercard", "amex", "discover", "jcb")


def _methods() -> list[TestMethod]:
    return [
        *(TestMethod(id=f"pm_card_{brand}") for brand in _GOOD_CARDS),
        *(TestMethod(id=f"pm_card_chargeDeclined{name}", decline=why) for name, why in _DECLINES.items()),
        *(
            TestMethod(id=f"pm_card_visa_chargeDeclined{name}", decline=_DECLINES[name])
            for name in _ALSO_SPELT_WITH_VISA
        ),
        TestMethod(id="pm_card_radarBlock", decline=_DECLINES["Fraudulent"]),
        *(
            TestMethod(id=token, needs_authentication=True, off_session_decline=AUTHENTICATION_REQUIRED)
            for token in ("pm_card_authenticationRequired", "pm_card_threeDSecure2Required")
        ),
        TestMethod(
            id="pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
            needs_authentication=True,
            decline=INSUFFICIENT_FUNDS,
            off_session_decline=AUTHENTICATION_REQUIRED,
        ),
        TestMethod(id="pm_card_chargeCustomerFail", off_session_decline=GENERIC_DECLINE),
        TestMethod(id="pm_card_pendingRefund", refund="pends"),
        TestMethod(id="pm_card_refundFail", refund="fails"),
        TestMethod(id="pm_bank_success", rail="bank"),
        TestMethod(id="pm_bank_fail", rail="bank", settles=False),
        TestMethod(id="pm_wallet", rail="wallet"),
    ]


METHODS: Mapping[str, TestMethod] = {method.id: method for method in _methods()}
"""Token -> behaviour. Spelling is case-sensitive."""
