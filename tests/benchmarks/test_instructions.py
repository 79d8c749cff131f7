"""The counting of instructions; callgrind is not needed, since a program in its place gives the totals."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.instructions.run import WORKS, Work, each_takes
from benchmarks.instructions.worker import KINDS

_COUNTER = """#!/bin/sh
for argument; do
  case $argument in --log-file=*) log=${argument#--log-file=};; esac
  times=$argument
done
echo "==1== Collected : $((5000 + 70 * times))" > "$log"
exit %d
"""


@pytest.fixture
def counter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A valgrind that says 5,000 instructions, and 70 more for each time that the work is done."""
    program = tmp_path / "valgrind"
    program.write_text(_COUNTER % 0, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return program


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_work_can_be_done(kind: str) -> None:
    KINDS[kind](1)


def test_every_kind_that_is_counted_can_be_done() -> None:
    assert WORKS.keys() == KINDS.keys()


@pytest.mark.usefixtures("counter")
def test_what_one_takes_is_told_without_the_start() -> None:
    assert each_takes("call", Work("a call", 3, 13)) == 70


@pytest.mark.usefixtures("counter")
def test_the_table_names_each_work_and_its_share_of_the_bridges(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["instructions"]) == 0
    said = capsys.readouterr().out
    assert f"| {WORKS['sdk'].title} | 70 | 1.00x |" in said
    assert said.count("x |") == len(WORKS)


def test_a_worker_that_fails_is_not_counted(counter: Path) -> None:
    counter.write_text(_COUNTER % 3, encoding="utf-8")
    with pytest.raises(RuntimeError, match="call could not be counted: its worker ended with 3"):
        each_takes("call", WORKS["call"])


def test_without_valgrind_the_command_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert main(["instructions"]) == 1
    assert "run apt-get install valgrind" in capsys.readouterr().err
