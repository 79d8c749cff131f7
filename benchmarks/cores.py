"""Server on one core, client on another, so that they do not take time from each other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


def _cores() -> list[int]:
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def give_second_core(pid: int) -> None:
    """Put a process on the second core, where there are two to choose from."""
    cores = _ALL
    if len(cores) > 1:
        os.sched_setaffinity(pid, cores[1:2])


@contextmanager
def on_first_core() -> Iterator[None]:
    """Keep this process on the first core for a while."""
    if len(_ALL) < 2:
        yield
        return
    os.sched_setaffinity(0, _ALL[:1])
    try:
        yield
    finally:
        os.sched_setaffinity(0, _ALL)


_ALL = _cores()
