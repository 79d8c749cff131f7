"""Markdown that the tables are made of."""

from __future__ import annotations

from collections.abc import Iterable


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; every cell is Markdown already.

    Raises ValueError for a cell with a bar, which no two renderers take the same way.
    """
    columns = list(head)
    lines = [list(cells) for cells in (columns, ["---"] * len(columns), *rows)]
    for cell in (cell for cells in lines for cell in cells if "|" in cell):
        raise ValueError(f"a cell of a table has a bar in it: {cell}")
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def fenced(language: str, text: str, indent: int = 0) -> str:
    """A fenced block."""
    lines = [f"```{language}", *text.rstrip("\n").split("\n"), "```"]
    return "".join(f"{' ' * indent}{line}".rstrip() + "\n" for line in lines)
