"""Start a program of this package or the reference server, and end it again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from benchmarks.cores import give_second_core

SERVICES = ("payments", "wallets", "billing", "subscriptions", "credits", "gateway")
_LIMIT_S = 20
_BYTECODE = Path("build", "bytecode").absolute()


@dataclass(frozen=True, slots=True)
class Program:
    """A running program that one talks to in lines."""

    process: subprocess.Popen[str]

    def read(self) -> str:
        """Its next line; raises RuntimeError where it has ended instead."""
        line = _stream(self.process.stdout).readline()
        if not line:
            raise RuntimeError(f"{self.process.args!r} ended with {self.process.wait()}")
        return line

    def ask(self, line: str) -> str:
        """Write a line and read one."""
        stdin = _stream(self.process.stdin)
        stdin.write(f"{line}\n")
        stdin.flush()
        return self.read()

    @property
    def cpu_s(self) -> float:
        """Seconds of CPU that it has used, all threads and its children that have ended (Linux; else 0)."""
        try:
            with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
                fields = stat.read().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def memory_kb(self) -> int:
        """Its resident memory in kilobytes (Linux; else 0)."""
        try:
            with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
                return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
        except OSError:
            return 0


def clean_environment() -> dict[str, str]:
    """The environment without what steers Python, the SDK or the server; bytecode is kept, as installed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ISA_", "PYTHON"))}
    return {**kept, "PYTHONPYCACHEPREFIX": str(_BYTECODE)}


@contextmanager
def program(*command: str) -> Iterator[Program]:
    """Run `python -m command` on the second core until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        env=clean_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    give_second_core(process.pid)
    try:
        yield Program(process)
    finally:
        process.terminate()
        process.wait(_LIMIT_S)
        _stream(process.stdin).close()
        _stream(process.stdout).close()


@contextmanager
def reference_server(*options: str) -> Iterator[tuple[Program, Mapping[str, int]]]:
    """The reference server on free ports, quiet: the program, and service -> port."""
    free = [part for service in SERVICES for part in ("--port", f"{service}=0")]
    arguments = ("--seed", "none", "--log-level", "warning", "--print-ports", *free, *options)
    with program("isa_mockserver", "serve", *arguments) as running:
        yield running, json.loads(running.read())


@contextmanager
def state_file() -> Iterator[str]:
    """A path for a new file on a disk that is not memory, gone after the block."""
    with tempfile.TemporaryDirectory(dir=os.getcwd(), prefix=".benchmark-") as folder:
        yield os.path.join(folder, "state.db")


def _stream(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream
