"""`scripts/mutate`: breaks the server on purpose, one small change at a time; tells which no test notices.

Nothing is written but a report in build/mutation: the changes are made in forked processes, in their memory.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from scripts.mutation.report import Report, summary
from scripts.mutation.session import Session, Task

ROOT = Path(__file__).resolve().parents[2]
_SERVER = ROOT / "mockserver" / "isa_mockserver"
_OF_EVERY_SLICE = (
    "tests/server/test_control_of_slices.py",
    "tests/server/test_bad_input.py",
    "tests/docs/test_endpoints.py",
    "tests/docs/test_tables.py",
    "tests/contract/test_operations.py",
)
_SLICES = ("wallets", "credits", "payments", "billing", "subscriptions")
_FOLDERS = {"kernel": _SERVER / "kernel", **{name: _SERVER / "services" / name for name in _SLICES}}
_TESTS = {
    "kernel": ("tests/server/kernel", "tests/server/wallets", "tests/server/payments"),
    **{name: (f"tests/server/{name}", *_OF_EVERY_SLICE) for name in _SLICES},
}
_PYTEST = ("-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov")
_ALL = "all"


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge the mutants of one package, or of each; 0 whatever lives, 1 if the tests cannot be trusted."""
    options = _parser().parse_intermixed_args(arguments)
    if not 0 < options.share <= 1:
        _parser().error("--share is more than 0 and at most 1")
    if options.package == _ALL:
        return max(_in_a_process_of_its_own(name, options) for name in _FOLDERS)
    task = Task(_FOLDERS[options.package], "isa_mockserver", options.share, options.seed, os.cpu_count() or 1)
    report = Report(options.package, ROOT / "build" / "mutation" / f"{options.package}.jsonl")
    return judge(task, report, options.tests or _TESTS[options.package])


def judge(task: Task, report: Report, tests: Sequence[str]) -> int:
    """Run the task with these pytest paths and print the summary; 1 and no summary if the control is red."""
    report.begin()
    said, told = sys.stdout, io.StringIO()
    session = Session(task, report, lambda words: print(f"{report.package}: {words}", file=said, flush=True))
    with (
        tempfile.TemporaryDirectory() as examples,
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(told),
    ):
        # A mutant's failing examples would be tried first in every later run of the tests.
        patch.setenv("HYPOTHESIS_STORAGE_DIRECTORY", examples)
        patch.setattr(sys, "dont_write_bytecode", True)
        pytest.main([*_PYTEST, f"--hypothesis-seed={task.seed}", *tests], plugins=[session])
    if session.trouble:
        print(f"scripts/mutate: {session.trouble}\n{told.getvalue()[-2000:]}", file=sys.stderr)
        return 1
    print(summary(report), flush=True)
    return 0


def _in_a_process_of_its_own(package: str, options: argparse.Namespace) -> int:
    """Tests of one package leave modules behind that those of the next would find."""
    chosen = ["--share", str(options.share), "--seed", str(options.seed), *options.tests]
    command = [sys.executable, "-m", "scripts.mutation", package, *chosen]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/mutate", description=__doc__)
    parser.add_argument("package", choices=[*_FOLDERS, _ALL])
    parser.add_argument("tests", nargs="*", help="pytest paths instead of those of the package")
    parser.add_argument("--share", type=float, default=1.0, help="of the mutants, 0.1 for one in ten (all)")
    parser.add_argument("--seed", type=int, default=0, help="of the share and of hypothesis (%(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
