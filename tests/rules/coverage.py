"""Which rules the tests name: in a name (`test_cr5_...`), a docstring or a comment (`rules CR-5`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from .catalogue import RULES

TESTS = Path(__file__).parents[1]
_IN_PROSE = re.compile(r"\b([A-Z]{1,2}-?\d+b?)\b")
_RANGE = re.compile(r"\b([A-Z]{1,2}-)(\d+) to (?:[A-Z]{1,2}-)?(\d+)\b")
_IN_NAMES = re.compile(r"(?<=_)([a-z]{1,2})_?(\d+)(b?)(?=_|\b)")


def named_in(text: str) -> Iterator[str]:
    """Every rule id that the text names; a range such as `M-1 to M-9` names all of it."""
    yield from _IN_PROSE.findall(text)
    for family, first, last in _RANGE.findall(text):
        yield from (f"{family}{number}" for number in range(int(first), int(last) + 1))
    for family, number, letter in _IN_NAMES.findall(text):
        yield from (f"{family.upper()}-{number}{letter}", f"{family.upper()}{number}{letter}")


def unnamed_rules() -> frozenset[str]:
    """The rules that no test module names."""
    named: set[str] = set()
    for path in TESTS.rglob("test_*.py"):
        if path.parent != Path(__file__).parent:
            named.update(named_in(path.read_text(encoding="utf-8")))
    return RULES - named
