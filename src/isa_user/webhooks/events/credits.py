"""Events of credits (rules WH-2, WH-3)."""

from __future__ import annotations

from typing import Literal

from isa_user.models.credit import CreditConsumption, CreditReservation
from isa_user.webhooks._objects import CreditGrant
from isa_user.webhooks.events._base import EventData, TypedEvent

__all__ = [
    "CreditsConsumed",
    "CreditsExpired",
    "CreditsExpiringSoon",
    "CreditsGranted",
    "CreditsRefunded",
    "CreditsReservationExpired",
]


class CreditsGranted(TypedEvent[EventData[CreditGrant]]):
    """Credits were granted, bought ones included."""

    type: Literal["credits.granted"] = "credits.granted"


class CreditsConsumed(TypedEvent[EventData[CreditConsumption]]):
    """Credits were spent (heading "Use Credits")."""

    type: Literal["credits.consumed"] = "credits.consumed"


class CreditsRefunded(TypedEvent[EventData[CreditConsumption]]):
    """Spent credits came back (rules CR-13)."""

    type: Literal["credits.refunded"] = "credits.refunded"


class CreditsExpiringSoon(TypedEvent[EventData[CreditGrant]]):
    """A grant expires within the notice period (rules CR-7)."""

    type: Literal["credits.expiring_soon"] = "credits.expiring_soon"


class CreditsExpired(TypedEvent[EventData[CreditGrant]]):
    """The rest of a grant expired (rules CR-15)."""

    type: Literal["credits.expired"] = "credits.expired"


class CreditsReservationExpired(TypedEvent[EventData[CreditReservation]]):
    """A reservation ran out and returned its credits (rules CR-10)."""

    type: Literal["credits.reservation_expired"] = "credits.reservation_expired"
