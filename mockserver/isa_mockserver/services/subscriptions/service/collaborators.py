"""What subscriptions need of the other slices, handed over by the composition root, and the catalogue."""

from __future__ import annotations

from dataclasses import dataclass, field

from isa_mockserver.services.ports import CreditOut, DefaultMethod, RefundedSoFar
from isa_mockserver.services.ports.invoicing import Invoicing
from isa_mockserver.services.subscriptions.model.plans import CATALOGUE, Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Collaborators:
    """The ports that subscriptions work with, and the plans that there are."""

    invoicing: Invoicing
    default_method: DefaultMethod
    refunded_so_far: RefundedSoFar
    credit_out: CreditOut
    catalogue: Catalogue = field(default_factory=lambda: CATALOGUE)
