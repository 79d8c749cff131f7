"""What the composition root mounts of the subscriptions slice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.kernel.world import JobHandler, Reactor
from isa_mockserver.services.ports import DefaultMethodChanged
from isa_mockserver.services.ports.invoicing import (
    InvoiceClosed,
    InvoicePaid,
    InvoicePaymentFailed,
    InvoiceWaits,
)

from .model import TABLES
from .model.plans import CATALOGUE, Catalogue, Plan
from .routes import routes
from .service.collaborators import Collaborators
from .service.ending import run_out
from .service.entitlements import quota_in_force
from .service.reactions import (
    on_default_method_changed,
    on_invoice_closed,
    on_invoice_failed,
    on_invoice_paid,
    on_invoice_waits,
)
from .service.renewing import end_period, finalise
from .service.trials import end_trial, tell_trial_end

T = TypeVar("T")


def jobs(ports: Collaborators) -> Mapping[str, JobHandler]:
    """Kind of due work -> what does it."""
    return {
        "trial_will_end": _with(ports, tell_trial_end),
        "trial_end": _with(ports, end_trial),
        "period_end": _with(ports, end_period),
        "finalisation": _with(ports, finalise),
        "cancellation": _with(ports, run_out),
    }


def reactors(ports: Collaborators) -> Mapping[type, Sequence[Reactor]]:
    """Signal -> what reacts to it; after billing's own reactors."""
    return {
        InvoicePaid: (_with(ports, on_invoice_paid),),
        InvoicePaymentFailed: (_with(ports, on_invoice_failed),),
        InvoiceWaits: (_with(ports, on_invoice_waits),),
        InvoiceClosed: (_with(ports, on_invoice_closed),),
        DefaultMethodChanged: (_with(ports, on_default_method_changed),),
    }


def _with(
    ports: Collaborators, function: Callable[[Unit, Collaborators, T], None]
) -> Callable[[Unit, T], None]:
    def run(unit: Unit, subject: T) -> None:
        function(unit, ports, subject)

    return run


__all__ = [
    "CATALOGUE",
    "TABLES",
    "Catalogue",
    "Collaborators",
    "Plan",
    "jobs",
    "quota_in_force",
    "reactors",
    "routes",
]
