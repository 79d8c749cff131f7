"""Control calls about a whole World: its state, its time, its moments, its books, and its likes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from isa_mockserver.kernel.ledger import LedgerReport
from isa_mockserver.testing.control.answers import (
    ClockMove,
    ClockReading,
    Health,
    LedgerPage,
    SandboxInfo,
    SnapshotInfo,
)
from isa_mockserver.testing.control.caller import given
from isa_mockserver.testing.control.findings import SnapshotDifference
from isa_mockserver.testing.control.options import moment

from .base import Calls


class WorldCalls(Calls):
    """State, clock, ledger, snapshots, sandboxes."""

    async def health(self) -> Health:
        """How the server is."""
        return await self._read(Health, "health")

    async def reset(self) -> ClockReading:
        """Go back to start-up: fixture, clock and ids."""
        return await self._read(ClockReading, "reset")

    async def save_state(self) -> dict[str, Any]:
        """The whole state as one document, secrets included."""
        return await self.call("save_state")

    async def load_state(self, document: Mapping[str, Any] | bytes) -> ClockReading:
        """Replace the whole state by what `save_state` gave, as a document or as JSON.

        Codes: `invalid_value`; nothing is changed then.
        """
        return await self._read(ClockReading, "load_state", body=document)

    async def get_clock(self) -> ClockReading:
        """The time, and whether it stands still."""
        return await self._read(ClockReading, "get_clock")

    async def move_clock(
        self,
        *,
        advance: timedelta | int | str | None = None,
        to: datetime | str | None = None,
        freeze: bool | None = None,
        unfreeze: bool | None = None,
    ) -> ClockMove:
        """Move time forward, stop it, or let it tick; what falls due runs in order (rules CK-1).

        `advance` is a timedelta, whole seconds or an ISO 8601 duration such as `P1M`; `to` is a time, at
        which the clock then stands.

        Codes: `clock_backwards`, `clock_step_too_large`, `invalid_value`.
        """
        span = int(advance.total_seconds()) if isinstance(advance, timedelta) else advance
        body = given({"advance": span, "to": moment(to), "freeze": freeze, "unfreeze": unfreeze})
        return await self._read(ClockMove, "move_clock", body=body)

    async def get_ledger(
        self, *, account: str | None = None, since: int | None = None, limit: int | None = None
    ) -> LedgerPage:
        """Accounts, balances and postings; `account` names one, or all below it (`wallet:user_456`)."""
        query = {"account": account, "since": since, "limit": limit}
        return await self._read(LedgerPage, "get_ledger", query=query)

    async def check_ledger(self) -> LedgerReport:
        """Prove the books: every currency sums to zero (rules L-1, L-2)."""
        return await self._read(LedgerReport, "check_ledger")

    async def list_snapshots(self) -> list[SnapshotInfo]:
        """Every snapshot of the sandbox."""
        return await self._list(SnapshotInfo, "list_snapshots")

    async def take_snapshot(self, name: str) -> SnapshotInfo:
        """Name the present, in place of what had the name."""
        return await self._read(SnapshotInfo, "take_snapshot", path={"name": name})

    async def drop_snapshot(self, name: str) -> None:
        """Forget a snapshot. Codes: `snapshot_not_found`."""
        await self.call("drop_snapshot", path={"name": name})

    async def restore_snapshot(self, name: str) -> ClockReading:
        """Go back to a snapshot, time and ids included. Codes: `snapshot_not_found`."""
        return await self._read(ClockReading, "restore_snapshot", path={"name": name})

    async def fork_snapshot(self, name: str, sandbox: str) -> SandboxInfo:
        """Make a sandbox that begins with a snapshot.

        Codes: `snapshot_not_found`, `sandbox_exists`, `too_many_sandboxes`.
        """
        return await self._read(SandboxInfo, "fork_snapshot", path={"name": name}, body={"sandbox": sandbox})

    async def diff_snapshot(self, name: str, *, to: str | None = None) -> SnapshotDifference:
        """What changed since a snapshot, up to the snapshot `to` or now. Codes: `snapshot_not_found`."""
        return await self._read(SnapshotDifference, "diff_snapshot", path={"name": name}, query={"to": to})

    async def list_sandboxes(self) -> list[SandboxInfo]:
        """Every sandbox, the default one first."""
        return await self._list(SandboxInfo, "list_sandboxes")

    async def make_sandbox(
        self,
        name: str,
        *,
        seed: Literal["none", "demo", "server"] | None = None,
        clock: datetime | str | None = None,
    ) -> SandboxInfo:
        """Make a sandbox, with a fixture (`server`: the default sandbox's) or a frozen clock.

        Codes: `sandbox_exists`, `too_many_sandboxes`.
        """
        body = given({"name": name, "seed": seed, "clock": moment(clock)})
        return await self._read(SandboxInfo, "make_sandbox", body=body)

    async def drop_sandbox(self, name: str) -> None:
        """Forget one sandbox and all it holds. Codes: `sandbox_not_found`."""
        await self.call("drop_sandbox", path={"name": name})

    async def drop_sandboxes(self) -> int:
        """Forget every sandbox but the default one; answers how many there were."""
        return self._number(await self.call("drop_sandboxes"), "dropped")
