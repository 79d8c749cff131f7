"""`/_mock/faults`: arm what is to go wrong, see what struck, disarm it."""

from __future__ import annotations

from typing import Any

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.web.faults.book import Armed
from isa_mockserver.web.faults.schema import NewFault, fault_of
from isa_mockserver.web.route import Reply

from .answers import ClearedBody
from .route import ControlCall, ControlRoute
from .tool_answers import FaultBody, FaultList


def list_faults(call: ControlCall[None, None]) -> Reply:
    """What is armed, oldest first, with how many requests each matched and struck."""
    return Reply(200, {"data": [fault_view(armed) for armed in call.runtime.faults.all()]})


def add_fault(call: ControlCall[NewFault, None]) -> Reply:
    """Arm a fault.

    Raises:
        DomainError: `invalid_value` for fields that do not go together.
    """
    fault = fault_of(call.body, call.runtime.operations)
    return Reply(201, fault_view(call.runtime.faults.add(fault)))


def clear_faults(call: ControlCall[None, None]) -> Reply:
    """Disarm all."""
    return Reply(200, {"cleared": call.runtime.faults.clear()})


def remove_fault(call: ControlCall[None, None]) -> Reply:
    """Disarm one.

    Raises:
        DomainError: `fault_not_found`.
    """
    if not call.runtime.faults.remove(call.path["fault_id"]):
        raise DomainError("fault_not_found", "There is no such fault.")
    return Reply(204, None)


def fault_view(armed: Armed) -> dict[str, Any]:
    """A fault as the control API shows it."""
    fault, match = armed.fault, armed.fault.match
    options = {
        "latency_s": fault.latency_s or None,
        "status": fault.status,
        "code": fault.code,
        "retry_after_s": fault.retry_after_s,
        "burst": fault.burst if armed.buckets else None,
        "per_s": fault.per_s if armed.buckets else None,
    }
    return {
        "fault_id": armed.id,
        "effect": fault.effect,
        "match": {
            "service": match.service,
            "operation": match.operation,
            "user": match.user,
            "nth": match.nth,
        },
        "times": fault.times,
        "probability": fault.probability,
        "seed": fault.seed,
        **{name: value for name, value in options.items() if value is not None},
        "matched": armed.matched,
        "struck": armed.struck,
        "spent": armed.spent,
    }


ROUTES = (
    ControlRoute(
        operation="list_faults",
        method="GET",
        path="/_mock/faults",
        handler=list_faults,
        response=FaultList,
        summary="What is armed, and what struck",
    ),
    ControlRoute(
        operation="add_fault",
        method="POST",
        path="/_mock/faults",
        handler=add_fault,
        response=FaultBody,
        statuses=(201,),
        errors=("invalid_value", "missing_field"),
        body=NewFault,
        summary="Make something go wrong",
    ),
    ControlRoute(
        operation="clear_faults",
        method="DELETE",
        path="/_mock/faults",
        handler=clear_faults,
        response=ClearedBody,
        summary="Disarm all faults",
    ),
    ControlRoute(
        operation="remove_fault",
        method="DELETE",
        path="/_mock/faults/{fault_id}",
        handler=remove_fault,
        response=None,
        statuses=(204,),
        errors=("fault_not_found",),
        summary="Disarm one fault",
    ),
)
