"""The two checkers that users have, run over one file as a user would run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
Checker = Callable[[Path], set[int]]


def mypy(case: Path) -> set[int]:
    """The lines with an error."""
    options = ["--strict", "--config-file=", "--no-error-summary", "--output=json"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, str(case)],
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


def copy_of(case: Path, folder: Path) -> Path:
    """A copy of a ``.txt`` case that a checker takes for a module."""
    path = folder / f"{case.stem}.py"
    path.write_text(case.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def marked(case: Path) -> set[int]:
    """The lines that a checker must refuse."""
    lines = case.read_text(encoding="utf-8").splitlines()
    return {number for number, line in enumerate(lines, 1) if line.endswith("# refused")}
