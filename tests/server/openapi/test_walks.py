"""Walks from call to call along the links of the document, with good values and bad (quality page, Tests)."""

from __future__ import annotations

from typing import Any

from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import BaseSchema

from .conforming import EXAMPLES, QUIET, fits_but_is_refused, in_process, schema_of, serve, token_for
from .subject import application

STEPS = 30
"""Calls in one walk."""

NEVER = (
    *("control_reset", "control_load_state", "control_restore_snapshot", "control_drop_sandboxes"),
    "control_add_fault",
)
"""Calls after which nothing of the walk is left, and the one after which anything may be answered."""


def walks(schema: BaseSchema) -> type:
    """A machine that makes things, and goes on with what it was answered; every walk has a fresh server."""
    machine: Any = schema.exclude(operation_id=list(NEVER)).as_state_machine()

    class Walk(machine):  # type: ignore[misc]
        def setup(self) -> None:
            self.made = application()
            serve("gateway", self.made.gateway)

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": token_for(case)}

        def validate_response(self, response: Any, case: Any, **kwargs: Any) -> None:
            checks = [*kwargs.pop("additional_checks", ()), fits_but_is_refused]
            super().validate_response(response, case, additional_checks=checks, **kwargs)

        def teardown(self) -> None:
            report = self.made.runtime.world.ledger.check()
            assert report.ok, report.violations

    return Walk


def test_the_server_keeps_to_its_document_from_call_to_call() -> None:
    machine = walks(schema_of("gateway"))
    as_found = (Phase.explicit, Phase.generate)  # a shorter walk is not worth minutes of looking for it
    of_walks = settings(QUIET, max_examples=EXAMPLES, stateful_step_count=STEPS, phases=as_found)
    with in_process():
        run_state_machine_as_test(machine, settings=of_walks)
