# Made by scripts/sync_twin.py from _async/tools.py; change that file instead.
# ruff: noqa: I001, RUF100
# fmt: off
"""Control calls that tests are made of: who is known, what was asked, what is to go wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from isa_mockserver.testing.control.answers import KnownUser, MadeToken
from isa_mockserver.testing.control.caller import given
from isa_mockserver.testing.control.findings import ArmedFault, RequestPage
from isa_mockserver.testing.control.options import FaultOptions, RequestFilters

from .base import Calls


class ToolCalls(Calls):
    """Users, tokens, the request journal, faults."""

    def list_users(self) -> list[KnownUser]:
        """Everyone who is known, in the order in which they came."""
        return self._list(KnownUser, "list_users")

    def make_user(self, user_id: str) -> KnownUser:
        """Make a user known, as their first request would (rules W-7)."""
        return self._read(KnownUser, "make_user", body={"user_id": user_id})

    def make_token(
        self, sub: str, *, roles: Sequence[str] = (), ttl: int | None = None, sandbox: str | None = None
    ) -> MadeToken:
        """A token for `sub` that the server accepts for `ttl` seconds of real time (negative: expired)."""
        body = given({"sub": sub, "roles": list(roles), "ttl": ttl, "sandbox": sandbox})
        return self._read(MadeToken, "make_token", body=body)

    def list_requests(
        self, *, since: int | None = None, limit: int | None = None, **filters: Unpack[RequestFilters]
    ) -> RequestPage:
        """The requests that fit, oldest first, with counts of all that fit (rules AD-1)."""
        query = {"since": since, "limit": limit, **filters}
        return self._read(RequestPage, "list_requests", query=query)

    def clear_requests(self) -> int:
        """Forget what was asked so far; answers how many requests that were."""
        return self._number(self.call("clear_requests"), "cleared")

    def list_faults(self) -> list[ArmedFault]:
        """What is armed, oldest first, with how many requests each matched and struck."""
        return self._list(ArmedFault, "list_faults")

    def add_fault(
        self,
        effect: str | None = None,
        *,
        operation: str | None = None,
        service: str | None = None,
        user: str | None = None,
        nth: int | None = None,
        **options: Unpack[FaultOptions],
    ) -> ArmedFault:
        """Arm a fault for requests that match; without a filter, for any. Once, unless `times` says else.

        `effect` may be left out where `status` or `latency_s` say it. Codes: `invalid_value`,
        `missing_field`.
        """
        match = given({"operation": operation, "service": service, "user": user, "nth": nth})
        body = {**given({"match": match, "effect": effect}), **options}
        return self._read(ArmedFault, "add_fault", body=body)

    def remove_fault(self, fault_id: str) -> None:
        """Disarm one fault. Codes: `fault_not_found`."""
        self.call("remove_fault", path={"fault_id": fault_id})

    def clear_faults(self) -> int:
        """Disarm all; answers how many there were."""
        return self._number(self.call("clear_faults"), "cleared")
