"""What the composition root mounts of the billing slice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.kernel.world import JobHandler, Reactor
from isa_mockserver.services.ports import (
    PaymentFailed,
    PaymentMoved,
    PaymentSucceeded,
    RefundMade,
    RefundUndone,
)
from isa_mockserver.web.route import Route

from .model import TABLES
from .routes.invoices import invoice_routes
from .routes.usage import usage_routes
from .service.collaborators import Collaborators, TaxRates, untaxed
from .service.dunning import run_retry
from .service.ending import tell_overdue
from .service.ordering import Invoicer
from .service.reactions import (
    on_payment_failed,
    on_payment_moved,
    on_payment_succeeded,
    on_refund_made,
    on_refund_undone,
)

REACTORS: Mapping[type, Sequence[Reactor]] = {
    PaymentSucceeded: (on_payment_succeeded,),
    PaymentMoved: (on_payment_moved,),
    PaymentFailed: (on_payment_failed,),
    RefundMade: (on_refund_made,),
    RefundUndone: (on_refund_undone,),
}
"""They come before those of subscriptions, which look at what billing made of a payment."""


def routes(ports: Collaborators) -> tuple[Route, ...]:
    """The endpoints of the service."""
    return (*invoice_routes(ports), *usage_routes(ports))


def jobs(ports: Collaborators) -> Mapping[str, JobHandler]:
    """Kind of due work -> what does it."""

    def dunning(unit: Unit, invoice_id: str) -> None:
        run_retry(unit, ports, invoice_id)

    return {"dunning": dunning, "overdue": tell_overdue}


__all__ = ["REACTORS", "TABLES", "Collaborators", "Invoicer", "TaxRates", "jobs", "routes", "untaxed"]
