"""Which tests run which line, how long they take, and which of them to run against a mutant."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import coverage

from scripts.mutation.mutants import Mutant

# Seconds of tests for one mutant, and the least tests that run however long they take.
BUDGET_S = 12.0
LEAST_TESTS = 3
_OVERHEAD_S = 0.005
_KILLERS_KEPT = 6

Lines = Mapping[str, Mapping[int, set[str]]]


class Recorder:
    """Coverage of a folder's files, test by test."""

    def __init__(self, folder: Path) -> None:
        self._coverage = coverage.Coverage(data_file=None, config_file=False, source=[str(folder)])

    def start(self) -> None:
        """Begin; what was imported before is not counted as run."""
        self._coverage.start()

    def now(self, test: str) -> None:
        """What runs from here on is this test's."""
        self._coverage.switch_context(test)

    def stop(self) -> Lines:
        """For each file the tests that ran each line."""
        self._coverage.stop()
        data = self._coverage.get_data()
        return {
            path: {line: set(tests) - {""} for line, tests in data.contexts_by_lineno(path).items()}
            for path in data.measured_files()
        }


@dataclass
class Covering:
    """What a run of all tests told, and which tests killed the mutants before this one."""

    lines: Lines
    seconds: Mapping[str, float]
    usable: frozenset[str]
    _killers: dict[tuple[str, str], deque[str]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=_KILLERS_KEPT))
    )

    def tests_for(self, mutant: Mutant) -> list[str]:
        """The tests that run the mutant's lines, in the order in which to try them, within the budget.

        First those that killed another mutant of the same function, then the shortest.
        """
        lines = self.lines.get(mutant.path, {})
        tests = set().union(*(lines.get(line, ()) for line in range(mutant.first, mutant.last + 1)))
        killers = self._killers[mutant.path, mutant.function]
        order = sorted(tests & self.usable, key=lambda test: (test not in killers, self.seconds[test], test))
        return self._affordable(order)

    def took_s(self, tests: Sequence[str]) -> float:
        """How long these took without a mutant."""
        return sum(self.seconds[test] + _OVERHEAD_S for test in tests)

    def killed(self, mutant: Mutant, test: str) -> None:
        """Remember who killed it."""
        killers = self._killers[mutant.path, mutant.function]
        if test in self.usable and test not in killers:
            killers.appendleft(test)

    def _affordable(self, order: Sequence[str]) -> list[str]:
        chosen: list[str] = []
        for test in order:
            if self.took_s(chosen) >= BUDGET_S and len(chosen) >= LEAST_TESTS:
                break
            chosen.append(test)
        return chosen
