"""What one slice needs of another: Protocols handed over by the composition root, and signals (rules P2b)."""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol

from isa_mockserver.kernel.chart import Account
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.hiding import shown
from isa_mockserver.kernel.ledger import Reference
from isa_mockserver.kernel.unit import Unit

PaymentType = Literal["payment", "deposit", "invoice", "subscription", "credits", "crypto"]


class Charge(NamedTuple):
    """An order to charge a customer: the one door for outside money (rules P1).

    `amount` is in minor units of `currency`; `destination` is the account that receives it, and
    `pending_destination` where it waits while a bank debit is on its way. `reference` names what is paid.
    """

    owner: str
    amount: int
    currency: str
    type: PaymentType
    destination: Account
    payment_method_id: str | None = None
    reference: Reference | None = None
    pending_destination: Account | None = None
    description: str | None = None
    off_session: bool = False


class Succeeded(NamedTuple):
    """The money has moved."""

    payment_intent_id: str


class Declined(NamedTuple):
    """The issuer said no; the failed attempt stays, and `error` is the answer (402)."""

    payment_intent_id: str
    error: DomainError


class RequiresAction(NamedTuple):
    """The customer has to authenticate, or to give a method; `status` is the intent's."""

    payment_intent_id: str
    client_secret: str
    status: str

    def __repr__(self) -> str:
        return shown(self, "client_secret")


class Processing(NamedTuple):
    """A bank debit is on its way."""

    payment_intent_id: str


ChargeOutcome = Succeeded | Declined | RequiresAction | Processing


class ChargeNow(Protocol):
    """Charge a payment method now; without one in the charge, the owner's default method.

    Raises a DomainError: `payment_method_not_found` for an unknown method, `payment_method_required`
    where there is none, and the money errors for a bad amount.
    """

    def __call__(self, unit: Unit, charge: Charge, /) -> ChargeOutcome: ...


class OpenIntent(Protocol):
    """Make the intent of a charge that has no method yet, for the customer to confirm (rules SB-3)."""

    def __call__(self, unit: Unit, charge: Charge, /) -> RequiresAction: ...


class CancelIntent(Protocol):
    """Cancel an intent that nobody will pay any more, with the reason kept on it."""

    def __call__(self, unit: Unit, payment_intent_id: str, reason: str, /) -> None: ...


class DefaultMethod(Protocol):
    """The payment method that last succeeded for this user, or None (rules SB-3)."""

    def __call__(self, unit: Unit, owner: str, /) -> str | None: ...


class TotalCredits(Protocol):
    """A user's total credits at this instant, for the wallet's read-only mirror (rules W-3)."""

    def __call__(self, unit: Unit, owner: str, /) -> int: ...


class RefundedSoFar(Protocol):
    """How much of a charge has gone back or is on its way back, in minor units (rules RF-9)."""

    def __call__(self, unit: Unit, payment_intent_id: str, /) -> int: ...


class CreditOut(Protocol):
    """Note that proration credit was granted out of a charge: that much less can be refunded (RF-9).

    A negative `amount` takes the note back, for credit that was not granted in the end.
    """

    def __call__(self, unit: Unit, payment_intent_id: str, amount: int, /) -> None: ...


# Signals: what happened, for the slices that react to it in the same Unit.
# What ChargeNow answers is not signalled as well: PaymentSucceeded and PaymentFailed tell what becomes of
# an intent later (confirmed, authenticated, captured, settled). The ledger is posted when they arrive.


class PaymentSucceeded(NamedTuple):
    """An intent became `succeeded` after the call that made it."""

    payment_intent_id: str
    owner: str
    type: PaymentType
    reference: Reference | None
    amount: int
    currency: str


class DefaultMethodChanged(NamedTuple):
    """Another payment method than before is the owner's default now; told at the end of the Unit."""

    owner: str
    payment_method_id: str


class PaymentFailed(NamedTuple):
    """An attempt failed after the call that made the intent: a later decline, failed authentication, or a
    returned debit. The intent is `requires_payment_method` again."""

    payment_intent_id: str
    owner: str
    type: PaymentType
    reference: Reference | None


class PaymentMoved(NamedTuple):
    """An intent took a step that neither pays nor fails: a method was attached, the customer has to
    authenticate, a bank debit is on its way, or the intent was canceled. `status` is the intent's."""

    payment_intent_id: str
    client_secret: str
    status: str
    owner: str
    type: PaymentType
    reference: Reference | None
    amount: int
    currency: str

    def __repr__(self) -> str:
        return shown(self, "client_secret")


class RefundRequested(NamedTuple):
    """Money is about to go back; a slice that cannot give it up raises a DomainError (rules RF-5)."""

    refund_id: str
    payment_intent_id: str
    owner: str
    type: PaymentType
    reference: Reference | None
    amount: int
    currency: str


class RefundMade(NamedTuple):
    """Money went back; the slices book their side of it (rules RF-5)."""

    refund_id: str
    payment_intent_id: str
    owner: str
    type: PaymentType
    reference: Reference | None
    amount: int
    currency: str


class RefundUndone(NamedTuple):
    """A refund failed, and its amount came back (rules RF-2)."""

    refund_id: str
    payment_intent_id: str
    owner: str
    type: PaymentType
    reference: Reference | None
    amount: int
    currency: str


class WalletDebited(NamedTuple):
    """A payment took its money out of the owner's wallet (`pm_wallet`), inside ChargeNow or later; the
    ledger is posted. A slice that forbids it raises a DomainError (rules 2.1)."""

    payment_intent_id: str
    owner: str
    type: PaymentType
    amount: int
    currency: str


class WalletRefunded(NamedTuple):
    """A refund of a `pm_wallet` payment put its money back into the owner's wallet; the ledger is posted."""

    refund_id: str
    payment_intent_id: str
    owner: str
    amount: int
    currency: str
