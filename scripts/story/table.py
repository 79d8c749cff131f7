"""Rows of the story and how they look: pure text, no colour codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One thing that happened: the call, what the service answered, and the money that moved."""

    what: str
    call: str
    answer: str
    money: str = ""


@dataclass(frozen=True)
class Chapter:
    """Rows that belong together."""

    title: str
    rows: Sequence[Row]


def dollars(cents: int) -> str:
    """`2999` -> `$29.99`, `-150` -> `-$1.50`."""
    return f"{'-' if cents < 0 else ''}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def render(chapters: Sequence[Chapter]) -> str:
    """All chapters as one table, columns as wide as their widest cell."""
    head = Row("what happened", "call", "answer", "money")
    rows = [head, *(row for chapter in chapters for row in chapter.rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*map(_cells, rows), strict=True)]
    lines = [_line(head, widths), "  ".join("-" * width for width in widths)]
    for chapter in chapters:
        lines += ["", chapter.title]
        lines += [_line(row, widths) for row in chapter.rows]
    return "\n".join(lines)


def _cells(row: Row) -> tuple[str, str, str, str]:
    return row.what, row.call, row.answer, row.money


def _line(row: Row, widths: Sequence[int]) -> str:
    *words, money = _cells(row)
    cells = [word.ljust(width) for word, width in zip(words, widths, strict=False)]
    return "  ".join([*cells, money.rjust(widths[-1])]).rstrip()
