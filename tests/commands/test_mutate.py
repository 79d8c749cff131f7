"""`scripts/mutate` makes the mutants it names, tells noticed from unnoticed, and trusts no red tests."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.mutation.__main__ import main
from scripts.mutation.mutants import mutants, mutated, sampled

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = '''
LIMIT = 10

def fee(amount: int, *, free: bool = False) -> int:
    """Fee."""
    if free and amount < 7:
        log("free_fee", summary="nothing to pay")
    return amount + 1
'''
TOY = """
def larger(a: int, b: int) -> int:
    return a if a > b else b

def never_called() -> int:
    return 1
"""
TOY_TESTS = """
from toy_to_break import larger

def test_the_larger_one_wins_on_either_side() -> None:
    assert larger(1, 2) == 2
    assert larger(2, 1) == 2
"""
TEST_OF_THE_FIRST_PROCESS = """
import os

BORN = os.getpid()

def test_at_home() -> None:
    assert os.getpid() == BORN
"""
# Loading every plugin that is installed takes most of a run's time.
FEW_PLUGINS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "_hypothesis_pytestplugin"}
TOY_RUN = """
import sys
from pathlib import Path
from scripts.mutation.__main__ import judge
from scripts.mutation.report import Report
from scripts.mutation.session import Task

folder = Path(sys.argv[1])
task = Task(folder / "toy_to_break.py", "toy_to_break")
sys.exit(judge(task, Report("toy", folder / "out.jsonl"), [str(folder)]))
"""


def _after(text: str) -> str:
    """The sample's source with the one change that is called so."""
    (mutant,) = (each for each in mutants("sample.py", SAMPLE) if each.text == text)
    return ast.unparse(mutated(mutant, SAMPLE))


def test_a_small_function_has_these_mutants_and_no_others() -> None:
    assert [(each.line, each.text) for each in mutants("sample.py", SAMPLE)] == [
        (6, "and <-> or: free and amount < 7"),
        (6, "negate: free"),
        (6, "Lt -> LtE: amount < 7"),
        (6, "Lt -> GtE: amount < 7"),
        (6, "7 -> 8"),
        (6, "7 -> 6"),
        (7, "remove: log('free_fee', summary='nothing to pay')"),
        (7, "'free_fee' -> 'free_fee_x'"),
        (8, "return None: return amount + 1"),
        (8, "Add -> Sub: amount + 1"),
        (8, "1 -> 2"),
        (8, "1 -> 0"),
    ]


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("Lt -> LtE: amount < 7", "amount < 7", "amount <= 7"),
        ("and <-> or: free and amount < 7", "free and amount", "free or amount"),
        ("negate: free", "if free and", "if not free and"),
        (
            "remove: log('free_fee', summary='nothing to pay')",
            "log('free_fee', summary='nothing to pay')",
            "pass",
        ),
        ("return None: return amount + 1", "return amount + 1", "return None"),
        ("1 -> 0", "amount + 1", "amount + 0"),
    ],
)
def test_a_mutant_is_the_source_with_that_one_change(text: str, before: str, after: str) -> None:
    assert _after(text) == ast.unparse(ast.parse(SAMPLE)).replace(before, after)


def test_a_share_is_a_part_and_the_same_again() -> None:
    every = list(mutants("sample.py", SAMPLE * 20))
    half = list(sampled(every, 0.5, seed=1))
    assert len(every) / 4 < len(half) < len(every) * 3 / 4
    assert list(sampled(every, 0.5, seed=1)) == half
    assert list(sampled(every, 0.5, seed=2)) != half
    assert list(sampled(every, 1, seed=1)) == every


@dataclass(frozen=True)
class Run:
    """A run on the toy module: what it printed, how it ended, and the verdict on each change."""

    done: subprocess.CompletedProcess[str]
    verdicts: dict[str, str]


def _run_on_the_toy(folder: Path, tests: str) -> Run:
    (folder / "toy_to_break.py").write_text(TOY, encoding="utf-8")
    (folder / "test_toy.py").write_text(tests, encoding="utf-8")
    command = [sys.executable, "-c", TOY_RUN, str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | FEW_PLUGINS, capture_output=True, text=True, check=False
    )
    lines = [json.loads(line) for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    return Run(done, {line["text"]: line["verdict"] for line in lines})


def test_a_change_that_a_test_notices_is_killed_and_one_that_none_can_notice_survives(tmp_path: Path) -> None:
    run = _run_on_the_toy(tmp_path, TOY_TESTS)
    assert run.done.returncode == 0, run.done.stderr
    assert run.verdicts == {
        "return None: return a if a > b else b": "killed",
        "Gt -> GtE: a > b": "survived",  # of two equal numbers either is the larger one
        "Gt -> LtE: a > b": "killed",
        "1 -> 2": "not reached",
        "1 -> 0": "not reached",
    }
    assert f"survived: {tmp_path / 'toy_to_break.py'}:3 (larger) Gt -> GtE: a > b" in run.done.stdout
    assert (tmp_path / "toy_to_break.py").read_text(encoding="utf-8") == TOY


@pytest.mark.parametrize(
    ("tests", "told"),
    [
        (TOY_TESTS + "    assert larger(3, 3) == 4\n", "fails without a mutant"),
        (TOY_TESTS + TEST_OF_THE_FIRST_PROCESS, "the control without a mutant is red"),
        ("import nothing_called_so\n", "could not"),
    ],
    ids=["red tests", "red in a fork", "no tests"],
)
def test_no_mutant_is_judged_by_tests_that_fail_without_one(tmp_path: Path, tests: str, told: str) -> None:
    run = _run_on_the_toy(tmp_path, tests)
    assert run.done.returncode == 1
    assert told in run.done.stderr
    assert run.verdicts == {}


def test_pytest_paths_may_follow_the_options(capfd: pytest.CaptureFixture[str]) -> None:
    """As `scripts/mutate` says of its use; the share is refused before anything runs."""
    with pytest.raises(SystemExit):
        main(["kernel", "--share", "2", "tests/server/kernel"])
    assert "--share is more than 0" in capfd.readouterr().err
