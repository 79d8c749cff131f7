"""What billing needs of the other slices, handed over by the composition root."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple, Protocol

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.services.billing.model.invoice import Line
from isa_mockserver.services.ports import CancelIntent, ChargeNow, DefaultMethod, OpenIntent
from isa_mockserver.services.ports.invoicing import QuotaInForce


class TaxRates(Protocol):
    """The tax rate of each line of a customer's invoice, in basis points: 825 is 8.25 % (rules BL-4)."""

    def __call__(self, unit: Unit, owner: str, lines: Sequence[Line], /) -> Sequence[int]: ...


def untaxed(unit: Unit, owner: str, lines: Sequence[Line]) -> Sequence[int]:
    """No tax on anything: the default."""
    return [0] * len(lines)


class Collaborators(NamedTuple):
    """The ports that billing works with, and its settings.

    `max_usage_age` refuses older usage; None accepts all and marks the late (rules US-5).
    """

    charge: ChargeNow
    open_intent: OpenIntent
    cancel_intent: CancelIntent
    default_method: DefaultMethod
    quota: QuotaInForce
    tax_rates: TaxRates = untaxed
    max_usage_age: timedelta | None = None
