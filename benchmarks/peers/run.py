"""`python -m benchmarks peers`: our SDK and server beside others; what they are is in requirements.txt."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version

from benchmarks.measuring import Effort, ratios, spread
from benchmarks.report import machine

PEERS = ("localstripe", "moto", "stripe", "openai", "requests")


def main(arguments: Sequence[str]) -> int:
    """Measure and print; 1 where a peer is not installed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks peers", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="interleaved rounds (%(default)s)")
    effort = Effort(parser.parse_args(arguments).rounds)
    missing = [name for name in PEERS if not _version(name)]
    if missing:
        wanted = "pip install -r benchmarks/peers/requirements.txt"
        print(f"benchmarks: not installed: {', '.join(missing)}; run {wanted}", file=sys.stderr)
        return 1
    from benchmarks.peers import sdks, servers  # they need the peers

    print(", ".join(f"{name} {_version(name)}" for name in PEERS), end="\n\n")
    print(", ".join(f"{name} {value}" for name, value in machine().items()), end="\n\n", flush=True)
    _print_sdks(sdks.overheads(effort))
    _print_servers("start to first answer", servers.starts(effort))
    _print_servers("write an object and read it", servers.pairs(effort))
    return 0


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _print_sdks(costs: Mapping[str, tuple[str, list[float], list[float]]]) -> None:
    print("| SDK | a call | the same by its HTTP client | ratio (quartiles) |\n|---|---|---|---|")
    for name, (below, by_sdk, by_client) in costs.items():
        ratio = ratios(by_sdk, by_client)
        mine, theirs = spread(by_sdk).times(1e6), spread(by_client).times(1e6)
        times = f"{mine.median:.0f} us | {below}: {theirs.median:.0f} us"
        print(f"| {name} | {times} | {ratio.median:.2f}x ({ratio.low:.2f} to {ratio.high:.2f}) |")
    print(flush=True)


def _print_servers(what: str, costs: Mapping[str, list[float]]) -> None:
    ours = next(iter(costs.values()))
    print(f"| server | {what} | against ours (quartiles) |\n|---|---|---|")
    for name, each in costs.items():
        ratio = ratios(each, ours)
        took = f"{spread(each).times(1e3).median:.3g} ms"
        print(f"| {name} | {took} | {ratio.median:.2f}x ({ratio.low:.2f} to {ratio.high:.2f}) |")
    print(flush=True)
