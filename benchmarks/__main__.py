"""`python -m benchmarks [rows]`: measure, print the table, write JSON.

Or a run apart: load, scale, peers, instructions.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.measuring import Effort
from benchmarks.registry import chosen, measurement
from benchmarks.report import HEADING, details, document, line, machine
from benchmarks.result import Result

_RUNS: Mapping[str, str] = {
    "load": "benchmarks.loads.run",
    "scale": "benchmarks.scales.run",
    "peers": "benchmarks.peers.run",
    "instructions": "benchmarks.instructions.run",
}
"""First argument -> the module whose `main` takes the others."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the rows that are named, or all of them; 1 where a row is not known."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] in _RUNS:
        return int(import_module(_RUNS[given[0]]).main(given[1:]))
    options = _parser().parse_args(given)
    try:
        names = chosen(options.rows)
    except ValueError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    results = _measured(names, Effort(options.rounds))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(document(results), indent=2) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "rows", nargs="*", metavar="ROW", help="rows to measure, such as 4 6b 11; all without"
    )
    parser.add_argument(
        "--rounds", type=int, default=Effort().rounds, help="interleaved rounds (%(default)s)"
    )
    parser.add_argument("--json", type=Path, default=Path("build/benchmarks.json"), help="%(default)s")
    return parser


def _measured(names: Sequence[str], effort: Effort) -> list[Result]:
    print(", ".join(f"{name} {value}" for name, value in machine().items()), HEADING, sep="\n\n", flush=True)
    results: list[Result] = []
    for name in names:
        for result in measurement(name)(effort):
            results.append(result)
            print(line(result), flush=True)
    print("", *(f"{each.row}: {details(each)}" for each in results if each.details), sep="\n")
    return results


if __name__ == "__main__":
    sys.exit(main())
