"""What came of each mutant: a JSON line in a file, and a summary on the terminal."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from scripts.mutation.mutants import Mutant

Verdict = Literal["killed", "timed out", "survived", "not reached", "not swapped"]
COLUMNS: tuple[Verdict, ...] = ("killed", "timed out", "survived", "not reached", "not swapped")


@dataclass(frozen=True)
class Result:
    """One mutant's end: `by` is the test that failed, or what the process said; `tests` were to be run."""

    mutant: Mutant
    verdict: Verdict
    by: str = ""
    took_s: float = 0.0
    tests: int = 0


@dataclass
class Report:
    """The results of one package. The file is closed between lines: an open one fails tests by a warning."""

    package: str
    file: Path
    made: int = 0
    results: list[Result] = field(default_factory=list)

    def begin(self) -> None:
        """An empty file."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text("", encoding="utf-8")

    def add(self, result: Result) -> None:
        """One line more."""
        self.results.append(result)
        line = {**asdict(result.mutant), **asdict(result), "mutant": result.mutant.name}
        with self.file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line) + "\n")

    def counted(self) -> Counter[str]:
        """How many came to each end."""
        return Counter(result.verdict for result in self.results)


def summary(report: Report) -> str:
    """A table of the numbers, and every mutant that lived: its line and the change."""
    counted = report.counted()
    head = ["package", "made", "chosen", *COLUMNS]
    row = [report.package, report.made, len(report.results), *(counted[each] for each in COLUMNS)]
    living = [result for result in report.results if result.verdict not in ("killed", "timed out")]
    return "\n".join(
        [*_lined_up(head, [str(cell) for cell in row]), *map(_told, living), f"Each mutant: {report.file}"]
    )


def _told(result: Result) -> str:
    mutant = result.mutant
    return f"  {result.verdict}: {mutant.where} ({mutant.function}) {mutant.text}"


def _lined_up(head: Sequence[str], row: Sequence[str]) -> list[str]:
    widths = [max(len(title), len(cell)) for title, cell in zip(head, row, strict=True)]
    lines = [[cell.rjust(width) for cell, width in zip(line, widths, strict=True)] for line in (head, row)]
    return ["  ".join(line) for line in lines]
