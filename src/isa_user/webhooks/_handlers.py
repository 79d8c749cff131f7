"""Which functions are called for which type of event, typed so that a checker knows each one's argument."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable
from typing import Any, Generic, Literal, TypeVar, overload

from isa_user.errors import InvalidArgumentError
from isa_user.webhooks._parse import EVENT_CLASSES
from isa_user.webhooks.events import (
    CreditsConsumed,
    CreditsExpired,
    CreditsExpiringSoon,
    CreditsGranted,
    CreditsRefunded,
    CreditsReservationExpired,
    CryptoPaymentConfirmed,
    CryptoPaymentConfirming,
    CryptoPaymentExpired,
    CryptoPaymentLate,
    CryptoPaymentUnderpaid,
    Event,
    EventType,
    InvoiceCreated,
    InvoiceDeleted,
    InvoiceFinalized,
    InvoiceMarkedUncollectible,
    InvoiceOverdue,
    InvoicePaid,
    InvoicePaymentFailed,
    InvoiceUpdated,
    InvoiceVoided,
    PaymentCanceled,
    PaymentCreated,
    PaymentFailed,
    PaymentProcessing,
    PaymentRequiresAction,
    PaymentSucceeded,
    RefundCreated,
    RefundFailed,
    RefundUpdated,
    SubscriptionCanceled,
    SubscriptionCreated,
    SubscriptionPastDue,
    SubscriptionPaused,
    SubscriptionRenewed,
    SubscriptionResumed,
    SubscriptionTrialWillEnd,
    SubscriptionUnpaid,
    SubscriptionUpdated,
    UnknownEvent,
    UsageQuotaExceeded,
    UsageQuotaWarning,
    WalletDeposited,
    WalletTransferred,
    WebhookPing,
)

__all__ = ["EVERY_TYPE", "Handlers", "MisfitError", "Subscriber", "call"]

EVERY_TYPE: Literal["*"] = "*"

EventT = TypeVar("EventT")
ResultT = TypeVar("ResultT")


class Subscriber(Generic[EventT]):
    """The decorator that ``on`` gives: it notes the function for its type and returns it unchanged.

    A checker holds the function's argument against the type's class. Any in the result lets decorators of
    several types stand above one function that takes their union.
    """

    def __init__(self, handlers: list[Callable[[Any], object]]) -> None:
        self._handlers = handlers

    def __call__(self, handler: Callable[[EventT], ResultT]) -> Callable[[Any], ResultT]:
        _check_takes_event(handler)
        self._handlers.append(handler)
        return handler


def _check_takes_event(handler: Any) -> None:
    """Raises InvalidArgumentError for what could not be called with an event when one arrives."""
    name = getattr(handler, "__name__", type(handler).__name__)
    if not callable(handler):
        raise InvalidArgumentError(f"A handler is a function, not {name}.", param="handler")
    try:
        inspect.signature(handler).bind(object())
    except TypeError:
        raise InvalidArgumentError(
            f"The handler {name!r} must take one argument, the event.", param="handler"
        ) from None
    except ValueError:
        # Some functions written in C do not tell what they take.
        return


class MisfitError(Exception):
    """An event says that it is of a type whose class its content does not fit, and must not get lost."""


class Handlers:
    """The functions by type, in the order in which they were noted."""

    def __init__(self) -> None:
        self._by_type: dict[str, list[Callable[[Any], object]]] = {}

    @overload
    def on(self, event_type: Literal["payment.created"], /) -> Subscriber[PaymentCreated]: ...
    @overload
    def on(self, event_type: Literal["payment.requires_action"], /) -> Subscriber[PaymentRequiresAction]: ...
    @overload
    def on(self, event_type: Literal["payment.processing"], /) -> Subscriber[PaymentProcessing]: ...
    @overload
    def on(self, event_type: Literal["payment.succeeded"], /) -> Subscriber[PaymentSucceeded]: ...
    @overload
    def on(self, event_type: Literal["payment.failed"], /) -> Subscriber[PaymentFailed]: ...
    @overload
    def on(self, event_type: Literal["payment.canceled"], /) -> Subscriber[PaymentCanceled]: ...
    @overload
    def on(self, event_type: Literal["refund.created"], /) -> Subscriber[RefundCreated]: ...
    @overload
    def on(self, event_type: Literal["refund.updated"], /) -> Subscriber[RefundUpdated]: ...
    @overload
    def on(self, event_type: Literal["refund.failed"], /) -> Subscriber[RefundFailed]: ...
    @overload
    def on(
        self, event_type: Literal["crypto_payment.confirming"], /
    ) -> Subscriber[CryptoPaymentConfirming]: ...
    @overload
    def on(
        self, event_type: Literal["crypto_payment.confirmed"], /
    ) -> Subscriber[CryptoPaymentConfirmed]: ...
    @overload
    def on(
        self, event_type: Literal["crypto_payment.underpaid"], /
    ) -> Subscriber[CryptoPaymentUnderpaid]: ...
    @overload
    def on(self, event_type: Literal["crypto_payment.expired"], /) -> Subscriber[CryptoPaymentExpired]: ...
    @overload
    def on(self, event_type: Literal["crypto_payment.late"], /) -> Subscriber[CryptoPaymentLate]: ...
    @overload
    def on(self, event_type: Literal["wallet.deposited"], /) -> Subscriber[WalletDeposited]: ...
    @overload
    def on(self, event_type: Literal["wallet.transferred"], /) -> Subscriber[WalletTransferred]: ...
    @overload
    def on(self, event_type: Literal["invoice.created"], /) -> Subscriber[InvoiceCreated]: ...
    @overload
    def on(self, event_type: Literal["invoice.updated"], /) -> Subscriber[InvoiceUpdated]: ...
    @overload
    def on(self, event_type: Literal["invoice.deleted"], /) -> Subscriber[InvoiceDeleted]: ...
    @overload
    def on(self, event_type: Literal["invoice.finalized"], /) -> Subscriber[InvoiceFinalized]: ...
    @overload
    def on(self, event_type: Literal["invoice.paid"], /) -> Subscriber[InvoicePaid]: ...
    @overload
    def on(self, event_type: Literal["invoice.payment_failed"], /) -> Subscriber[InvoicePaymentFailed]: ...
    @overload
    def on(self, event_type: Literal["invoice.voided"], /) -> Subscriber[InvoiceVoided]: ...
    @overload
    def on(
        self, event_type: Literal["invoice.marked_uncollectible"], /
    ) -> Subscriber[InvoiceMarkedUncollectible]: ...
    @overload
    def on(self, event_type: Literal["invoice.overdue"], /) -> Subscriber[InvoiceOverdue]: ...
    @overload
    def on(self, event_type: Literal["subscription.created"], /) -> Subscriber[SubscriptionCreated]: ...
    @overload
    def on(self, event_type: Literal["subscription.updated"], /) -> Subscriber[SubscriptionUpdated]: ...
    @overload
    def on(self, event_type: Literal["subscription.renewed"], /) -> Subscriber[SubscriptionRenewed]: ...
    @overload
    def on(self, event_type: Literal["subscription.past_due"], /) -> Subscriber[SubscriptionPastDue]: ...
    @overload
    def on(self, event_type: Literal["subscription.unpaid"], /) -> Subscriber[SubscriptionUnpaid]: ...
    @overload
    def on(self, event_type: Literal["subscription.paused"], /) -> Subscriber[SubscriptionPaused]: ...
    @overload
    def on(self, event_type: Literal["subscription.resumed"], /) -> Subscriber[SubscriptionResumed]: ...
    @overload
    def on(
        self, event_type: Literal["subscription.trial_will_end"], /
    ) -> Subscriber[SubscriptionTrialWillEnd]: ...
    @overload
    def on(self, event_type: Literal["subscription.canceled"], /) -> Subscriber[SubscriptionCanceled]: ...
    @overload
    def on(self, event_type: Literal["usage.quota_warning"], /) -> Subscriber[UsageQuotaWarning]: ...
    @overload
    def on(self, event_type: Literal["usage.quota_exceeded"], /) -> Subscriber[UsageQuotaExceeded]: ...
    @overload
    def on(self, event_type: Literal["credits.granted"], /) -> Subscriber[CreditsGranted]: ...
    @overload
    def on(self, event_type: Literal["credits.consumed"], /) -> Subscriber[CreditsConsumed]: ...
    @overload
    def on(self, event_type: Literal["credits.refunded"], /) -> Subscriber[CreditsRefunded]: ...
    @overload
    def on(self, event_type: Literal["credits.expiring_soon"], /) -> Subscriber[CreditsExpiringSoon]: ...
    @overload
    def on(self, event_type: Literal["credits.expired"], /) -> Subscriber[CreditsExpired]: ...
    @overload
    def on(
        self, event_type: Literal["credits.reservation_expired"], /
    ) -> Subscriber[CreditsReservationExpired]: ...
    @overload
    def on(self, event_type: Literal["webhook.ping"], /) -> Subscriber[WebhookPing]: ...
    @overload
    def on(self, event_type: Literal["*"], /) -> Subscriber[Event]: ...
    @overload
    def on(self, event_type: EventType, /) -> Subscriber[Any]: ...
    def on(self, event_type: str, /) -> Subscriber[Any]:
        """Decorate a function of one argument, the event; it may be sync or async.

        Args:
            event_type: a type of the catalogue (rules WH-2, WH-3), or ``"*"`` for every event, those of
                types that this version does not know (``UnknownEvent``) included.

        Raises:
            InvalidArgumentError: there is no such type, or the function does not take one argument.
        """
        if event_type != EVERY_TYPE and event_type not in EVENT_CLASSES:
            close = difflib.get_close_matches(str(event_type), EVENT_CLASSES, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else '; for newer types use "*".'
            raise InvalidArgumentError(f"There is no event type {event_type!r}{hint}", param="event_type")
        return Subscriber(self._by_type.setdefault(event_type, []))

    def _matching(self, event: Event) -> list[Callable[[Any], object]]:
        """The functions to be called with this event, those for every event last.

        Raises:
            MisfitError: there are functions for its type, which the event's content does not fit.
        """
        typed = self._by_type.get(event.type, []) if event.type in EVENT_CLASSES else []
        if typed and isinstance(event, UnknownEvent):
            raise MisfitError(f"an event of type {event.type} does not fit its class")
        return [*typed, *self._by_type.get(EVERY_TYPE, [])]


async def call(handler: Callable[[Any], object], event: Event) -> None:
    """Call a sync or an async function with the event."""
    result = handler(event)
    if inspect.isawaitable(result):
        await result
