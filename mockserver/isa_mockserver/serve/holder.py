"""Which process holds a port, where the operating system lets us know (Linux: /proc)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_PROC = Path(os.sep, "proc")
_LISTENING = "0A"


def holder_of(port: int, *, proc: Path = _PROC) -> str | None:
    """The process that listens on `port`, as `python (process 4711)`; None where it cannot be known."""
    inodes = set(_listening_inodes(port, proc))
    if not inodes:
        return None
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for process in proc.glob("[0-9]*"):
        if any(link in wanted for link in _links(process / "fd")):
            return f"{_name(process)} (process {process.name})"
    return None


def _listening_inodes(port: int, proc: Path) -> Iterator[str]:
    for table in ("tcp", "tcp6"):
        for line in _lines(proc / "net" / table)[1:]:
            columns = line.split()
            local, state, inode = columns[1], columns[3], columns[9]
            if state == _LISTENING and int(local.rpartition(":")[2], 16) == port:
                yield inode


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []


def _links(folder: Path) -> Iterator[str]:
    try:
        entries = list(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        try:
            yield str(entry.readlink())
        except OSError:
            continue


def _name(process: Path) -> str:
    return next(iter(_lines(process / "comm")), "a process")
