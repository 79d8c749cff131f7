"""`python -m benchmarks instructions`: what a call executes, counted by callgrind."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from benchmarks.report import machine
from benchmarks.servers.processes import clean_environment

_TOTAL = re.compile(r"Collected : (\d+)")


class Work(NamedTuple):
    """What is counted, and how often it is done in the shorter run and in the longer one."""

    title: str
    short: int
    long: int


WORKS: Mapping[str, Work] = {
    "call": Work("in process, async, call to model: SDK and server", 100, 300),
    "sdk": Work("the SDK alone, its answer ready", 100, 300),
    "bridge": Work("httpx.ASGITransport to a bare Starlette echo", 100, 300),
    "year": Work("a subscription made, and its year of renewals", 5, 15),
}


def main(arguments: Sequence[str]) -> int:
    """Count every kind of work and print the table; 1 where there is no valgrind."""
    _parser().parse_args(arguments)
    if shutil.which("valgrind") is None:
        print("benchmarks: not installed: valgrind; run apt-get install valgrind", file=sys.stderr)
        return 1
    print(", ".join(f"{name} {value}" for name, value in machine().items()), flush=True)
    print("\n".join(lines({kind: each_takes(kind, work) for kind, work in WORKS.items()})))
    return 0


def lines(found: Mapping[str, int]) -> Iterator[str]:
    """The table, in Markdown."""
    yield "\n| work | instructions | of the bridge's |\n|---|---|---|"
    for kind, instructions in found.items():
        yield f"| {WORKS[kind].title} | {instructions:,} | {instructions / found['bridge']:.2f}x |"


def each_takes(kind: str, work: Work) -> int:
    """The instructions of one: by how much the longer run exceeds the shorter, so that no start is in it."""
    with ThreadPoolExecutor() as both:
        short, long = both.map(lambda times: _counted(kind, times), (work.short, work.long))
    return (long - short) // (work.long - work.short)


def _counted(kind: str, times: int) -> int:
    """All instructions of a worker outside the system.

    Raises:
        RuntimeError: it did not end well.
    """
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        tool = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", f"--log-file={log}"]
        worker = [sys.executable, "-m", "benchmarks.instructions.worker", kind, str(times)]
        environment = {**clean_environment(), "PYTHONHASHSEED": "0"}
        ended = subprocess.run([*tool, *worker], env=environment, check=False)
        total = _TOTAL.search(log.read_text(encoding="utf-8"))
    if ended.returncode or total is None:
        raise RuntimeError(f"{kind} could not be counted: its worker ended with {ended.returncode}")
    return int(total[1])


def _parser() -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog="python -m benchmarks instructions", description=__doc__)
