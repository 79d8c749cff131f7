"""SQLite's write-ahead log, looked at for commits that SQLite would drop without a word.

Recovery ends at the first frame that is not sound. After a crash that is the last commit, which nobody was
told of: SQLite syncs one commit before it writes the next. If several commits follow, one of them was
acknowledged, and the log was damaged later. (File format: sqlite.org/fileformat2.html, section 4.)
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from operator import eq
from typing import NamedTuple

_HEADER = struct.Struct(">8I")
_FRAME = struct.Struct(">6I")
_MAGIC = 0x377F0682
_NATIVE_SUMS = ("<", ">")
"""Byte order of the checksummed words, by the last bit of the magic number."""


class _Frame(NamedTuple):
    commits: bool
    salts: tuple[int, int]


def is_damaged(log: bytes, recovered: int) -> bool:
    """Whether more than an unfinished last commit is lost where SQLite recovered so many frames."""
    if len(log) <= _HEADER.size or not any(log):
        return False
    if not _sound_header(log):
        return True
    _, _, page_size, _, *salts, _, _ = _HEADER.unpack_from(log)
    lost = list(_frames(log, page_size))[recovered:]
    # Of a frame that an older log left behind both salts differ, of a damaged one at most one.
    return sum(frame.commits and any(map(eq, frame.salts, salts)) for frame in lost) > 1


def _sound_header(log: bytes) -> bool:
    magic, _, _, _, _, _, *sums = _HEADER.unpack_from(log)
    if magic & ~1 != _MAGIC:
        return False
    words = struct.unpack_from(f"{_NATIVE_SUMS[magic & 1]}6I", log)
    first = second = 0
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return [first, second] == sums


def _frames(log: bytes, page_size: int) -> Iterator[_Frame]:
    step = _FRAME.size + page_size
    for at in range(_HEADER.size, len(log) - step + 1, step):
        _, pages_after_commit, salt_1, salt_2, _, _ = _FRAME.unpack_from(log, at)
        yield _Frame(pages_after_commit > 0, (salt_1, salt_2))
