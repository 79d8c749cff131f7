"""`/_mock/snapshots`: name a moment, go back to it, fork it into a sandbox, see what changed since."""

from __future__ import annotations

import re
from typing import Any

from isa_mockserver.kernel.clock import format_time
from isa_mockserver.kernel.codec import encode
from isa_mockserver.kernel.errors import DomainError, Failure
from isa_mockserver.kernel.events import envelope
from isa_mockserver.kernel.snapshot import Difference, RowChanges, Snapshot, compare, restore, take
from isa_mockserver.web.fields import QueryParams, RequestBody
from isa_mockserver.web.redaction import redacted
from isa_mockserver.web.route import Reply
from isa_mockserver.web.runtime import Runtime, SandboxStart
from isa_mockserver.web.sandboxes import NAME_PATTERN, NAME_WORDS
from isa_mockserver.webhooks.model import TABLES as WEBHOOK_TABLES

from .answers import ClockBody, SandboxBody
from .clock import clock_view
from .route import ControlCall, ControlRoute
from .sandboxes import SandboxName, sandbox_view
from .tool_answers import DifferenceBody, SnapshotBody, SnapshotList

_OUTWARD = frozenset(table.name for table in WEBHOOK_TABLES)


class DiffQuery(QueryParams):
    """`to` names the later snapshot; without it, the present."""

    to: str | None = None


class ForkSnapshot(RequestBody):
    """The new sandbox's name."""

    sandbox: SandboxName


def list_snapshots(call: ControlCall[None, None]) -> Reply:
    """Every snapshot of the sandbox."""
    found = call.runtime.snapshots.all()
    return Reply(200, {"data": [snapshot_view(name, snapshot) for name, snapshot in found.items()]})


def take_snapshot(call: ControlCall[None, None]) -> Reply:
    """Name the present, in place of what had the name."""
    name = _checked(call.path["name"])
    snapshot = take_now(call.runtime)
    status = 201 if call.runtime.snapshots.keep(name, snapshot) else 200
    return Reply(status, snapshot_view(name, snapshot))


def drop_snapshot(call: ControlCall[None, None]) -> Reply:
    """Forget a snapshot."""
    call.runtime.snapshots.drop(call.path["name"])
    return Reply(204, None)


def restore_snapshot(call: ControlCall[None, None]) -> Reply:
    """Go back to a snapshot, time and ids included; journal and faults stay as they are."""
    world = call.runtime.world
    restore(world, call.runtime.snapshots.get(call.path["name"]))
    return Reply(200, clock_view(world))


def fork_snapshot(call: ControlCall[ForkSnapshot, None]) -> Reply:
    """Make a sandbox that begins with a snapshot."""
    return Reply(201, sandbox_view(fork(call.runtime, call.path["name"], call.body.sandbox)))


def diff_snapshot(call: ControlCall[None, DiffQuery]) -> Reply:
    """What changed since a snapshot, up to another one or up to now."""
    return Reply(200, difference_view(difference(call.runtime, call.path["name"], call.query.to)))


def take_now(runtime: Runtime) -> Snapshot:
    """The present, after what is due by now."""
    with runtime.world.lock:
        runtime.world.catch_up()
        return take(runtime.world)


def fork(runtime: Runtime, name: str, sandbox: str) -> Runtime:
    """A new sandbox with the snapshot's content, but for webhook endpoints: those are a sandbox's own.

    Raises:
        DomainError: `snapshot_not_found`, `sandbox_exists` or `too_many_sandboxes`.
    """
    snapshot = runtime.snapshots.get(name)
    with runtime.sandboxes.changing:
        if runtime.sandboxes.find(sandbox) is not None:
            raise DomainError("sandbox_exists", f"There is a sandbox {sandbox!r} already.", param="sandbox")
        made = runtime.make_sandbox(SandboxStart(sandbox))
        restore(made.world, snapshot.without(_OUTWARD))
    return made


def difference(runtime: Runtime, name: str, to: str | None) -> Difference:
    """What changed from one snapshot to another, or to the present.

    Raises:
        DomainError: `snapshot_not_found`.
    """
    before = runtime.snapshots.get(name)
    return compare(before, take_now(runtime) if to is None else runtime.snapshots.get(to))


def snapshot_view(name: str, snapshot: Snapshot) -> dict[str, Any]:
    """A snapshot as the control API shows it."""
    return {
        "name": name,
        "clock": {"now": format_time(snapshot.taken_at), "frozen": snapshot.frozen},
        "rows": {name: len(table.rows) for name, table in snapshot.tables.items() if table.rows},
        "events": len(snapshot.events),
    }


def difference_view(found: Difference) -> dict[str, Any]:
    """A difference as the control API shows it; secrets are hidden."""
    balances = [
        {"account": account, "currency": currency, "before": before, "after": after}
        for (account, currency), (before, after) in found.balances.items()
    ]
    return {
        "time": {"before": format_time(found.time[0]), "after": format_time(found.time[1])},
        "tables": {name: _rows_view(changes) for name, changes in found.tables.items()},
        "transactions": [encode(transaction) for transaction in found.transactions],
        "balances": balances,
        "events": [redacted(envelope(event)) for event in found.events],
    }


def _rows_view(changes: RowChanges) -> dict[str, Any]:
    return {
        "added": {row_id: redacted(encode(row)) for row_id, row in changes.added.items()},
        "removed": {row_id: redacted(encode(row)) for row_id, row in changes.removed.items()},
        "changed": {
            row_id: _field_changes(encode(old), encode(new)) for row_id, (old, new) in changes.changed.items()
        },
    }


def _field_changes(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    return _redacted_pairs({name: (old[name], new[name]) for name in new if old[name] != new[name]})


def _redacted_pairs(pairs: dict[str, tuple[Any, Any]]) -> dict[str, Any]:
    """Field -> what it was and what it is; a secret field's are hidden."""
    return {
        name: {"before": redacted({name: old})[name], "after": redacted({name: new})[name]}
        for name, (old, new) in pairs.items()
    }


def _checked(name: str) -> str:
    if re.fullmatch(NAME_PATTERN, name) is None:
        raise DomainError.of_failures([Failure("name", "invalid_value", f"A snapshot's name {NAME_WORDS}.")])
    return name


ROUTES = (
    ControlRoute(
        operation="list_snapshots",
        method="GET",
        path="/_mock/snapshots",
        handler=list_snapshots,
        response=SnapshotList,
        summary="Every snapshot",
    ),
    ControlRoute(
        operation="take_snapshot",
        method="POST",
        path="/_mock/snapshots/{name}",
        handler=take_snapshot,
        response=SnapshotBody,
        statuses=(200, 201),
        errors=("invalid_value",),
        summary="Name the present",
    ),
    ControlRoute(
        operation="drop_snapshot",
        method="DELETE",
        path="/_mock/snapshots/{name}",
        handler=drop_snapshot,
        response=None,
        statuses=(204,),
        errors=("snapshot_not_found",),
        summary="Forget a snapshot",
    ),
    ControlRoute(
        operation="restore_snapshot",
        method="POST",
        path="/_mock/snapshots/{name}/restore",
        handler=restore_snapshot,
        response=ClockBody,
        errors=("snapshot_not_found",),
        summary="Go back to a snapshot",
    ),
    ControlRoute(
        operation="fork_snapshot",
        method="POST",
        path="/_mock/snapshots/{name}/fork",
        handler=fork_snapshot,
        response=SandboxBody,
        statuses=(201,),
        errors=("snapshot_not_found", "sandbox_exists", "too_many_sandboxes"),
        body=ForkSnapshot,
        summary="Make a sandbox that begins with a snapshot",
    ),
    ControlRoute(
        operation="diff_snapshot",
        method="GET",
        path="/_mock/snapshots/{name}/diff",
        handler=diff_snapshot,
        response=DifferenceBody,
        errors=("snapshot_not_found",),
        query=DiffQuery,
        summary="What changed since a snapshot",
    ),
)
