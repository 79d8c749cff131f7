"""Rows 6 and 6b: requests a second of the server, in memory and with a file, against a bare echo."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

import uvloop

from benchmarks.clients import Load
from benchmarks.cores import on_first_core
from benchmarks.measuring import Effort, interleaved, ratios, spread
from benchmarks.result import Result
from benchmarks.servers.processes import Program, program, reference_server, state_file

_CONNECTIONS = 16
_BLOCK_S = 0.25


@dataclass(slots=True)
class _Target:
    """A server under load, and the seconds of CPU that it took for each request of a block."""

    load: Load
    server: Program
    cpu_s: list[float]

    def block(self, seconds: float) -> float:
        before_s = self.server.cpu_s
        rate = self.load.run(seconds)
        self.cpu_s.append((self.server.cpu_s - before_s) / max(1.0, rate * seconds))
        return rate


def requests_a_second(effort: Effort) -> Sequence[Result]:
    """Rows 6 and 6b."""
    seconds = _BLOCK_S * max(0.1, effort.share)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, _targets(runner) as targets:
        blocks = {name: lambda t=target: t.block(seconds) for name, target in targets.items()}
        interleaved(blocks, 2 if effort.rounds > 1 else 1)
        for target in targets.values():
            target.cpu_s.clear()
        rates = interleaved(blocks, effort.rounds * 2)
        return [_result("6", "memory", rates, targets), _result("6b", "--data", rates, targets)]


@contextmanager
def _targets(runner: asyncio.Runner) -> Iterator[Mapping[str, _Target]]:
    with ExitStack() as stack:
        echo = stack.enter_context(program("benchmarks.servers.echo"))
        memory, memory_ports = stack.enter_context(reference_server())
        path = stack.enter_context(state_file())
        kept, kept_ports = stack.enter_context(reference_server("--data", path))
        ports = {
            "echo": (echo, int(echo.read())),
            "memory": (memory, memory_ports["payments"]),
            "--data": (kept, kept_ports["payments"]),
        }
        stack.enter_context(on_first_core())
        yield {
            name: _Target(stack.enter_context(closing(Load(runner, port, _CONNECTIONS))), server, [])
            for name, (server, port) in ports.items()
        }


def _result(row: str, name: str, rates: Mapping[str, list[float]], targets: Mapping[str, _Target]) -> Result:
    details = {each: f"{spread(rates[each]).median:.0f} requests/s" for each in (name, "echo")}
    cpu = ratios(targets[name].cpu_s, [max(each, 1e-9) for each in targets["echo"].cpu_s])
    details["CPU of a request"] = f"{cpu.median:.2f}x the echo's"
    return Result(row, ratios(rates[name], rates["echo"]), details)
