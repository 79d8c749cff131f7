"""Faults of a sandbox, as tests use them."""

from __future__ import annotations

from typing import Any

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.web.faults.book import Armed
from isa_mockserver.web.faults.schema import NewFault, read_fault
from isa_mockserver.web.runtime import Runtime
from isa_mockserver.web.suggest import suggestion

_OPTIONS = (*(name for name in NewFault.model_fields if name not in ("match", "effect")),)


class FaultView:
    """What is to go wrong: arm it, look whether it struck, disarm it."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def add(
        self,
        effect: str | None = None,
        *,
        operation: str | None = None,
        service: str | None = None,
        user: str | None = None,
        nth: int = 1,
        **options: Any,
    ) -> Armed:
        """Arm a fault for requests that match; without a filter, for any.

        `effect` is one of `status`, `status_after_commit`, `latency`, `drop_before`, `drop_after_commit`,
        `drop_mid_body`, `malformed`, `rate_limit`, `idempotency_in_progress`; it may be left out where
        `status=` or `latency_s=` say it. `operation` is the SDK's method name, `nth` lets the first nth - 1
        matching requests pass. Options: `times` (1; None: without end), `probability` with `seed`,
        `latency_s`, `status`, `code`, `retry_after_s`, `burst` and `per_s` of a rate limit.

        Raises:
            ValueError: there is no such effect, operation or option, or they do not go together.
        """
        named = {"service": service, "operation": operation, "user": user, "nth": nth}
        match = {name: value for name, value in named.items() if value is not None}
        for name in options:
            if name not in _OPTIONS:
                raise ValueError(f"a fault has no option {name!r}{suggestion(name, _OPTIONS)}")
        document = {"match": match, "effect": effect, **options}
        try:
            fault = read_fault(document, self._runtime.operations)
        except DomainError as error:
            reasons = [f"{failure.param}: {failure.detail}" for failure in error.failures]
            raise ValueError("; ".join(reasons) or error.detail) from None
        return self._runtime.faults.add(fault)

    def all(self) -> list[Armed]:
        """What is armed, spent ones included, with how many requests each `matched` and `struck`."""
        return self._runtime.faults.all()

    def clear(self) -> None:
        """Disarm all."""
        self._runtime.faults.clear()
