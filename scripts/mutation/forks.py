"""Processes of their own: each forked, each with one message to tell and a time limit."""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, NoReturn, TypeVar

_MOST_MEMORY = 4 << 30  # bytes: an endless list must not take the machine down
_MOST_MESSAGE = 4096  # bytes; a pipe takes them without waiting for a reader
_PAUSE_S = 0.004

CRASHED = 3
TIMED_OUT = -1
KeyT = TypeVar("KeyT")


@dataclass(frozen=True)
class Ended(Generic[KeyT]):
    """How one fork ended: its exit status (TIMED_OUT past its limit), its message, and its seconds."""

    key: KeyT
    status: int
    message: str
    took_s: float


@dataclass(frozen=True)
class _Running(Generic[KeyT]):
    key: KeyT
    pipe: int
    started_s: float
    limit_s: float


class Forks(Generic[KeyT]):
    """Forks that run now. They share nothing with this process but the memory they began with."""

    def __init__(self) -> None:
        self._running: dict[int, _Running[KeyT]] = {}

    def __len__(self) -> int:
        return len(self._running)

    def start(self, key: KeyT, body: Callable[[int], int], limit_s: float) -> None:
        """Run `body` in a fork; it gets the descriptor for its message and gives its exit status."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _live(body, writing)
        os.close(writing)
        self._running[child] = _Running(key, reading, time.monotonic(), limit_s)

    def next_ended(self) -> Ended[KeyT]:
        """Wait for the next one that ends, or that has to be ended."""
        while True:
            for child in list(self._running):
                if ended := self._looked_at(child):
                    return ended
            time.sleep(_PAUSE_S)

    def _looked_at(self, child: int) -> Ended[KeyT] | None:
        running = self._running[child]
        took_s = time.monotonic() - running.started_s
        gone, wait_status = os.waitpid(child, os.WNOHANG)
        if gone:
            code = os.waitstatus_to_exitcode(wait_status)
            status = code if code >= 0 else CRASHED
        elif took_s > running.limit_s:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            status = TIMED_OUT
        else:
            return None
        del self._running[child]
        os.set_blocking(running.pipe, False)
        message = _message(running.pipe)
        os.close(running.pipe)
        return Ended(running.key, status, message, took_s)


def _message(pipe: int) -> str:
    try:
        return os.read(pipe, _MOST_MESSAGE).decode(errors="replace").strip()
    except BlockingIOError:  # a grandchild holds the other end and has said nothing
        return ""


def _live(body: Callable[[int], int], writing: int) -> NoReturn:
    """The whole life of a fork; nothing of it reaches the terminal or the parent's handlers."""
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(nothing, standard)
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
        status = body(writing)
    except BaseException as error:
        os.write(writing, f"{type(error).__name__}: {error}"[:300].encode())
        status = CRASHED
    os._exit(status)
