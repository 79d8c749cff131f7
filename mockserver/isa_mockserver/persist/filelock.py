"""One server a file: a lock beside it that the operating system takes back when its holder dies."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
"""Not through a link: who may write into the folder must not have another file of ours overwritten."""


class TakenError(Exception):
    """Another process has the lock; the text names it where that can be known."""


class FileLock:
    """The lock of a file, in a file of its own beside it, which goes when the lock is let go.

    Raises:
        TakenError: another process has it.
        OSError: the lock file cannot be made.
    """

    def __init__(self, file: Path) -> None:
        self._path = file.with_name(f"{file.name}-lock")
        while True:
            self._descriptor = os.open(self._path, _FLAGS, 0o600)
            self._take()
            if _is_at(self._descriptor, self._path):
                break
            os.close(self._descriptor)  # its last holder removed it meanwhile
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, f"process {os.getpid()}".encode())

    def release(self) -> None:
        """Let others have the file."""
        if sys.platform != "win32":
            with suppress(OSError):
                self._path.unlink()
        os.close(self._descriptor)

    def _take(self) -> None:
        try:
            _lock(self._descriptor)
        except OSError:
            holder = _holder(self._path)
            os.close(self._descriptor)
            raise TakenError(holder) from None


def _holder(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii") or "another process"
    except (OSError, ValueError):
        return "another process"


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False
