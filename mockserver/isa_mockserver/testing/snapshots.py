"""Named moments of a sandbox, as tests use them."""

from __future__ import annotations

from isa_mockserver.kernel.snapshot import Difference, restore
from isa_mockserver.web.control.snapshots import difference, fork, take_now
from isa_mockserver.web.runtime import Runtime


class SnapshotView:
    """Name the present, go back to it, compare with it.

    Going back takes time and ids back too, so that the same calls give the same ids again; a receiver of
    webhooks that remembers what it saw takes them for repetitions.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def take(self, name: str) -> None:
        """Name the present, in place of what had the name.

        Raises:
            isa_mockserver.kernel.errors.DomainError: there are 100 already.
        """
        self._runtime.snapshots.keep(name, take_now(self._runtime))

    def restore(self, name: str) -> None:
        """Go back to a snapshot; the journal and the faults stay as they are.

        Raises:
            isa_mockserver.kernel.errors.DomainError: `snapshot_not_found`.
        """
        restore(self._runtime.world, self._runtime.snapshots.get(name))

    def diff(self, name: str, to: str | None = None) -> Difference:
        """What changed since a snapshot, up to the snapshot `to` or up to now; false where nothing did.

        Raises:
            isa_mockserver.kernel.errors.DomainError: `snapshot_not_found`.
        """
        return difference(self._runtime, name, to)

    def fork(self, name: str, sandbox: str) -> str:
        """Make a sandbox that begins with a snapshot; gives its name, for `MockServer.sandbox`.

        Raises:
            isa_mockserver.kernel.errors.DomainError: `snapshot_not_found`, `sandbox_exists` or
                `too_many_sandboxes`.
        """
        return fork(self._runtime, name, sandbox).sandbox

    def names(self) -> list[str]:
        """The snapshots, oldest name first."""
        return list(self._runtime.snapshots.all())

    def drop(self, name: str) -> None:
        """Forget a snapshot.

        Raises:
            isa_mockserver.kernel.errors.DomainError: `snapshot_not_found`.
        """
        self._runtime.snapshots.drop(name)
