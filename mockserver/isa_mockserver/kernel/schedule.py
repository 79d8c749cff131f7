"""Due work: jobs in (due, rank, seq) order (rules CK-1)."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

RANKS: Mapping[str, int] = {
    kind: rank
    for rank, kind in enumerate(
        (
            "settlement",
            "hold_expiry",
            "grant_expiry",
            "expiring_soon",
            "authentication_expiry",
            "capture_expiry",
            "crypto_expiry",
            "trial_will_end",
            "trial_end",
            "period_end",
            "finalisation",
            "dunning",
            "cancellation",
            "overdue",
            "webhook_retry",
        )
    )
}
"""Kind of job -> its place among the jobs due at the same second."""


class Job(NamedTuple):
    """One piece of due work: what kind, for which record, when. Jobs compare by their place among others."""

    due: datetime
    rank: int
    seq: int
    kind: str
    subject_id: str


class Schedule:
    """The jobs of one World; at most one of a kind for a record."""

    def __init__(self) -> None:
        self.jobs: dict[tuple[str, str], Job] = {}
        self.next_seq = 1
        self._heap: list[Job] = []

    @classmethod
    def of(cls, jobs: Iterable[Job]) -> Schedule:
        """The schedule of these jobs, which keep their sequence numbers."""
        schedule = cls()
        schedule.jobs = {(job.kind, job.subject_id): job for job in sorted(jobs)}
        schedule.next_seq = max((job.seq for job in schedule.jobs.values()), default=0) + 1
        schedule._heap = list(schedule.jobs.values())
        return schedule

    def set(self, due: datetime, kind: str, subject_id: str) -> Job:
        """Plan the job, in place of an earlier one of the same kind for the same record."""
        job = Job(due, RANKS[kind], self.next_seq, kind, subject_id)
        self.next_seq += 1
        self.jobs[kind, subject_id] = job
        heapq.heappush(self._heap, job)
        return job

    def drop(self, kind: str, subject_id: str) -> None:
        """Forget the job, if it was planned."""
        self.jobs.pop((kind, subject_id), None)

    def next_due(self, until: datetime) -> Job | None:
        """The first job that is due at or before `until`."""
        heap = self._heap
        while heap:
            first = heap[0]
            if self.jobs.get((first.kind, first.subject_id)) is first:
                return first if first.due <= until else None
            heapq.heappop(heap)
        return None

    def copy(self) -> Schedule:
        """A snapshot: a shallow copy of immutable jobs."""
        twin = Schedule()
        twin.jobs = self.jobs.copy()
        twin.next_seq = self.next_seq
        twin._heap = self._heap.copy()
        return twin
