"""Rows 7 and 8: what an import costs, each time in a fresh interpreter.

It is the interpreter's CPU time, for an import waits for nothing, and a busy machine makes it wait.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from benchmarks.measuring import Block, Effort, interleaved
from benchmarks.result import Result, compared, timed
from benchmarks.servers.processes import clean_environment

_PEER = "import httpx, pydantic"
_CLIENT = "from isa_user import PaymentClient"


def bare_import(effort: Effort) -> Sequence[Result]:
    """Row 7: the time is what the import adds to an interpreter that does nothing."""
    blocks = {"import": _run("import isa_user"), "bare": _run("pass")}
    interleaved(blocks, 1)
    costs = interleaved(blocks, effort.rounds * 2)
    added = [mine - bare for mine, bare in zip(costs["import"], costs["bare"], strict=True)]
    return [timed("7", added)]


def client_import(effort: Effort) -> Sequence[Result]:
    """Row 8."""
    blocks = {_CLIENT: _run(_CLIENT), _PEER: _run(_PEER)}
    interleaved(blocks, 1)
    return [compared("8", interleaved(blocks, effort.rounds), _CLIENT, _PEER)]


def _run(code: str) -> Block:
    def block() -> float:
        process = subprocess.Popen([sys.executable, "-c", code], env=clean_environment())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{code!r} failed")
        return usage.ru_utime + usage.ru_stime

    return block
