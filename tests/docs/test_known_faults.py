"""The table of known faults has a row for each of their tests, in the same words and order."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "known-faults.md"
TESTS = ROOT / "tests" / "sdk" / "test_known_faults.py"


def _rows() -> list[tuple[str, str]]:
    text = PAGE.read_text(encoding="utf-8")
    return [
        (test, fault)
        for fault, test in re.findall(r"^\| (.+?) \| .+ \| `(test_\w+)` \|$", text, re.MULTILINE)
    ]


def _tests() -> list[tuple[str, str]]:
    tree = ast.parse(TESTS.read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [
        (function.name, (ast.get_docstring(function) or "").partition("\n")[0])
        for function in functions
        if function.name.startswith("test_")
    ]


def test_every_known_fault_has_its_row_and_every_row_its_test() -> None:
    assert _rows() == _tests()


def test_the_tests_that_stand_elsewhere_are_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)`", PAGE.read_text(encoding="utf-8"))
    assert "tests/sdk/test_cancellation.py" in named
    assert [path for path in named if not (ROOT / path).is_file()] == []
