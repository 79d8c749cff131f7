"""Rows 7 and 8: what an import costs, each time in a fresh interpreter.

It is the interpreter's CPU time, for an import waits for nothing, and a busy machine makes it wait.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace

from benchmarks.measuring import Block, Effort, interleaved, ratios
from benchmarks.result import Result, compared, timed
from benchmarks.servers.processes import clean_environment

_PEER = "import httpx, pydantic"
_CLIENT = "from isa_user import PaymentClient"
_PEER_IN_USE = "import httpx, httpcore; from pydantic import BaseModel"
_IN_USE = f"{_CLIENT}; import isa_user._transport, isa_user.models.payment"


def bare_import(effort: Effort) -> Sequence[Result]:
    """Row 7: the time is what the import adds to an interpreter that does nothing."""
    blocks = {"import": _run("import isa_user"), "bare": _run("pass")}
    interleaved(blocks, 1)
    costs = interleaved(blocks, effort.rounds * 2)
    added = [mine - bare for mine, bare in zip(costs["import"], costs["bare"], strict=True)]
    return [timed("7", added)]


def client_import(effort: Effort) -> Sequence[Result]:
    """Row 8; what the first call loads, of httpx too, is told beside it."""
    blocks = {code: _run(code) for code in (_CLIENT, _PEER, _IN_USE, _PEER_IN_USE)}
    interleaved(blocks, 1)
    costs = interleaved(blocks, effort.rounds)
    result = compared("8", costs, _CLIENT, _PEER)
    loaded = ratios(costs[_IN_USE], costs[_PEER_IN_USE]).median
    return [replace(result, details={**result.details, "with what both load at a call": f"{loaded:.2f}x"})]


def _run(code: str) -> Block:
    def block() -> float:
        process = subprocess.Popen([sys.executable, "-c", code], env=clean_environment())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{code!r} failed")
        return usage.ru_utime + usage.ru_stime

    return block
