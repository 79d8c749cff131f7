"""The pytest plugin: all tests with coverage, a control without a mutant, then every mutant in a fork."""

from __future__ import annotations

import gc
import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.mutation.covering import Covering, Recorder
from scripts.mutation.forks import TIMED_OUT, Ended, Forks
from scripts.mutation.mutants import Mutant, mutants, sampled
from scripts.mutation.report import Report, Result, Verdict
from scripts.mutation.swap import caches_of, forget, loaded_functions, swap

SLOWEST_S = 3.0
_CONTROL_S = 900.0
_SHOWN_EVERY = 50
_ALIVE, _KILLED, _NOT_SWAPPED = 0, 1, 4
_VERDICTS: dict[int, Verdict] = {_ALIVE: "survived", _NOT_SWAPPED: "not swapped", TIMED_OUT: "timed out"}


class UntrustworthyError(Exception):
    """The tests fail, or do not run, without a mutant: no verdict would mean anything."""


@dataclass(frozen=True)
class Task:
    """The folder or file whose functions are changed, its importable package, and how many of the mutants."""

    folder: Path
    package: str
    share: float = 1.0
    seed: int = 0
    workers: int = 2


class Session:
    """Judges the mutants of one task with the tests that pytest collected; results go to the report."""

    def __init__(self, task: Task, report: Report, say: Callable[[str], None]) -> None:
        self._task, self._report, self._say = task, report, say
        self._pipe: int | None = None
        self._failed: dict[str, str] = {}
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._ended: set[str] = set()
        self.trouble = "pytest collected no tests, or could not"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note each part of a test; in a fork the first failure is the end."""
        if report.failed and self._pipe is not None:
            os.write(self._pipe, report.nodeid.encode())
            os._exit(_KILLED)
        if report.failed:
            self._failed[report.nodeid] = str(report.longrepr)[-600:]
        self._seconds[report.nodeid] += report.duration
        if report.when == "teardown":
            self._ended.add(report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Take the place of the usual loop, unless collecting failed."""
        if session.testsfailed or not session.items:
            return None
        try:
            self._judge(session.items)
            self.trouble = ""
        except UntrustworthyError as error:
            self.trouble = str(error)
        return True

    def _judge(self, items: Sequence[pytest.Item]) -> None:
        covering = self._covered(items)
        by_name = {item.nodeid: item for item in items if item.nodeid in covering.usable}
        functions, caches = loaded_functions(self._task.folder), caches_of(self._task.package)
        # What is alive now stays where it is, so that the forks share it.
        gc.collect()
        gc.freeze()

        def life(tests: Sequence[str], mutant: Mutant | None) -> Callable[[int], int]:
            def live(pipe: int) -> int:
                if mutant is not None and not swap(mutant, functions):
                    return _NOT_SWAPPED
                forget(caches)
                self._pipe = pipe
                self._ended.clear()
                _run([by_name[test] for test in tests])
                os.write(pipe, str(len(self._ended)).encode())
                return _ALIVE

            return live

        self._control(life(list(by_name), None), len(by_name))
        self._all(covering, life)

    def _covered(self, items: Sequence[pytest.Item]) -> Covering:
        recorder = Recorder(_folder(self._task.folder))
        recorder.start()
        _run(items, recorder.now)
        lines = recorder.stop()
        if self._failed:
            raise UntrustworthyError(
                "fails without a mutant: " + "; ".join(map(": ".join, self._failed.items()))
            )
        slow = {item.nodeid for item in items if self._seconds[item.nodeid] > SLOWEST_S}
        self._say(f"{len(items)} tests pass; {len(slow)} over {SLOWEST_S:.0f} s are left out")
        usable = frozenset(item.nodeid for item in items) - slow
        if not usable:
            raise UntrustworthyError("no test is short enough to be run for each mutant")
        return Covering(lines, dict(self._seconds), usable)

    def _control(self, life: Callable[[int], int], expected: int) -> None:
        """All tests in a fork, and no mutant: they pass, and every one of them has run."""
        forks: Forks[None] = Forks()
        forks.start(None, life, _CONTROL_S)
        ended = forks.next_ended()
        if ended.status != _ALIVE:
            raise UntrustworthyError(f"the control without a mutant is red ({ended.status}): {ended.message}")
        if ended.message != str(expected):
            raise UntrustworthyError(f"the control ran {ended.message or 'no'} tests instead of {expected}")
        self._say(f"control: {expected} tests pass in a fork, in {ended.took_s:.0f} s")

    def _all(
        self,
        covering: Covering,
        life: Callable[[Sequence[str], Mutant | None], Callable[[int], int]],
    ) -> None:
        every = [each for path in _files(self._task.folder) for each in _mutants_of(path)]
        self._report.made = len(every)
        chosen = list(sampled(every, self._task.share, self._task.seed))
        self._say(f"{len(chosen)} of {len(every)} mutants")
        forks: Forks[tuple[Mutant, int]] = Forks()
        for mutant in chosen:
            tests = covering.tests_for(mutant)
            if not tests:
                self._add(Result(mutant, "not reached"), covering)
                continue
            if len(forks) >= self._task.workers:
                self._add(_result(forks.next_ended()), covering)
            limit_s = 40 + 6 * covering.took_s(tests)
            forks.start((mutant, len(tests)), life(tests, mutant), limit_s)
        while len(forks):
            self._add(_result(forks.next_ended()), covering)

    def _add(self, result: Result, covering: Covering) -> None:
        self._report.add(result)
        if result.verdict == "killed":
            covering.killed(result.mutant, result.by)
        if len(self._report.results) % _SHOWN_EVERY == 0:
            counted = ", ".join(f"{count} {verdict}" for verdict, count in self._report.counted().items())
            self._say(f"  {len(self._report.results)}: {counted}")


def _run(items: Sequence[pytest.Item], before: Callable[[str], None] = lambda _: None) -> None:
    for item, following in zip(items, [*items[1:], None], strict=True):
        before(item.nodeid)
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)


def _result(ended: Ended[tuple[Mutant, int]]) -> Result:
    """An unknown status is a crash, which a test would have noticed."""
    mutant, tests = ended.key
    verdict = _VERDICTS.get(ended.status, "killed")
    by = ended.message if verdict == "killed" else ""
    return Result(mutant, verdict, by, round(ended.took_s, 2), tests)


def _folder(target: Path) -> Path:
    return target if target.is_dir() else target.parent


def _files(target: Path) -> list[Path]:
    return sorted(target.rglob("*.py")) if target.is_dir() else [target]


def _mutants_of(path: Path) -> list[Mutant]:
    return list(mutants(str(path), path.read_text(encoding="utf-8")))
