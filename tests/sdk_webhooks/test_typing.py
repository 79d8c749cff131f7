"""A user's type checker knows each event and each handler's argument (SDK page, "Typing", "Webhooks")."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CASES = Path(__file__).with_name("typing_cases")
Checker = Callable[[Path], set[int]]


def mypy(case: Path) -> set[int]:
    """The lines with an error."""
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--config-file=",
        "--no-error-summary",
        "--output=json",
    ]
    done = subprocess.run(
        [*command, str(case)],
        cwd=case.parent,
        env={**os.environ, "MYPYPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    return _lines(map(json.loads, done.stdout.splitlines()), lambda each: each["line"])


def pyright(case: Path) -> set[int]:
    """The lines with an error."""
    settings = {"extraPaths": [str(ROOT / "src")], "typeCheckingMode": "strict", "include": [case.name]}
    (case.parent / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(command, cwd=case.parent, capture_output=True, text=True, check=False)
    # Pyright counts lines from 0.
    return _lines(
        json.loads(done.stdout)["generalDiagnostics"], lambda found: found["range"]["start"]["line"] + 1
    )


def _lines(found: Iterable[Any], line: Callable[[Any], int]) -> set[int]:
    return {line(each) for each in found if each["severity"] == "error"}


@pytest.fixture(params=["accepted", "refused"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the case that a checker takes for a module."""
    path = tmp_path / f"{request.param}.py"
    path.write_text((CASES / f"{request.param}.txt").read_text(encoding="utf-8"), encoding="utf-8")
    return path


@pytest.mark.parametrize("check", [mypy, pyright])
def test_a_checker_finds_what_is_wrong_and_nothing_else(case: Path, check: Checker) -> None:
    lines = case.read_text(encoding="utf-8").splitlines()
    marked = {number for number, line in enumerate(lines, 1) if line.endswith("# refused")}
    assert bool(marked) == (case.stem == "refused")
    assert check(case) == marked
