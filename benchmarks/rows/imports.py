"""Rows 7 and 8: what an import costs, each time in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence

from benchmarks.measuring import Block, Effort, interleaved
from benchmarks.result import Result, compared, timed
from benchmarks.servers.processes import clean_environment

_PEER = "import httpx, pydantic"
_CLIENT = "from isa_user import PaymentClient"


def bare_import(effort: Effort) -> Sequence[Result]:
    """Row 7: the time is what the import adds to an interpreter that does nothing."""
    costs = interleaved({"import": _run("import isa_user"), "bare": _run("pass")}, effort.rounds * 2)
    added = [mine - bare for mine, bare in zip(costs["import"], costs["bare"], strict=True)]
    return [timed("7", added)]


def client_import(effort: Effort) -> Sequence[Result]:
    """Row 8."""
    blocks = {_CLIENT: _run(_CLIENT), _PEER: _run(_PEER)}
    interleaved(blocks, 1)
    return [compared("8", interleaved(blocks, effort.rounds), _CLIENT, _PEER)]


def _run(code: str) -> Block:
    def block() -> float:
        started_s = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], env=clean_environment(), check=True)
        return time.perf_counter() - started_s

    return block
