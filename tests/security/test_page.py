"""docs/security.md names a test for every threat; each of them exists, and none of ours is left out."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "security.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def _threats() -> list[str]:
    """The rows of the two tables of threats."""
    text = PAGE.read_text(encoding="utf-8")
    parts = [part for part in text.split("\n## ") if part.startswith("Threats to")]
    assert len(parts) == 2
    rows = [line for part in parts for line in part.splitlines() if line.startswith("| ")]
    return [row for row in rows if not row.startswith(("| threat ", "| --- "))]


@cache
def _tests_of(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(node.name for node in functions if node.name.startswith("test_"))


@pytest.mark.parametrize("row", _threats(), ids=lambda row: row.split("|")[1].strip()[:60])
def test_every_threat_has_a_defence_and_a_test_that_exists(row: str) -> None:
    _, threat, defence, shown_by, _ = row.split("|")
    assert len(threat.strip()) > 10
    assert len(defence.strip()) > 10
    named = NAMED.findall(shown_by)
    assert named
    assert [f"{path}::{name}" for path, name in named if name not in _tests_of(path)] == []


def test_every_file_of_attacks_is_on_the_page() -> None:
    files = {f"tests/security/{path.name}" for path in Path(__file__).parent.glob("test_*.py")}
    assert files - {path for row in _threats() for path, _ in NAMED.findall(row)} == {
        "tests/security/test_page.py"
    }
