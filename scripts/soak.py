"""`scripts/soak`: random walks through all five services for as long as wanted, all invariants at each step.

A walk is told by its seed and its number alone. What breaks an invariant is shortened to the steps that
matter and printed as a script that can be played again.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from tests.properties.actions import drawn
from tests.properties.town import Step
from tests.properties.walk import ViolationError, Walk

STEPS = 120
SHORTENING_S = 60.0
_SHOWN_EVERY_S = 30.0
_KIND = re.compile(r"(?:\): |^at the end: )([^:]+)")


@dataclass(slots=True)
class Tally:
    """What was done so far: walks, and their steps by kind."""

    walks: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def steps(self) -> int:
        """All steps of all walks."""
        return self.kinds.total()


@dataclass(frozen=True, slots=True)
class Broken:
    """A walk that broke an invariant: its number, its steps, and the words of the first violation."""

    number: int
    steps: Sequence[Step]
    words: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Walk; 1 where an invariant was broken."""
    options = _parser().parse_args(arguments)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**9)
    print(f"soak: seed {seed}, {options.steps} steps a walk", flush=True)
    started_s, tally = time.monotonic(), Tally()
    if options.walk is not None:
        found = walked(seed, options.walk, options.steps, tally)
    else:
        found = _walk_on(seed, options.steps, started_s + options.minutes * 60, tally)
    print(_summary(tally, time.monotonic() - started_s, found))
    if found:
        print(_reproduction(seed, found, options.steps))
    return 1 if found else 0


def walked(seed: int, number: int, steps: int, tally: Tally) -> Broken | None:
    """One walk, counted; what it broke."""
    script = list(islice(drawn(f"{seed}:{number}"), steps))
    words, taken = broken_by(script)
    tally.walks += 1
    tally.kinds.update(step.action for step in script[:taken])
    return Broken(number, script[:taken], words) if words else None


def broken_by(script: Sequence[Step]) -> tuple[str, int]:
    """What the script breaks first, and after how many steps; nothing, and all of them, where it is sound.

    An error of the server's own is a violation too.
    """
    walk = Walk()
    try:
        for step in script:
            walk.take(step)
        walk.end()
    except ViolationError as violation:
        return str(violation), len(walk.steps)
    except Exception as error:
        return f"after step {len(walk.steps)}, {script[-1]}: {type(error).__name__}: {error}", len(walk.steps)
    return "", len(script)


def shortened(script: Sequence[Step], breaks: Callable[[Sequence[Step]], bool], limit_s: float) -> list[Step]:
    """The script without the steps that can be left out, as far as the time reaches."""
    kept, chunk, end_s = list(script), max(1, len(script) // 2), time.monotonic() + limit_s
    while time.monotonic() < end_s:
        at = 0
        while at < len(kept) and time.monotonic() < end_s:
            shorter = kept[:at] + kept[at + chunk :]
            if shorter and breaks(shorter):
                kept = shorter
            else:
                at += chunk
        if chunk == 1:
            break
        chunk = max(1, chunk // 2)
    return kept


def _walk_on(seed: int, steps: int, end_s: float, tally: Tally) -> Broken | None:
    shown_s = time.monotonic()
    while tally.walks == 0 or time.monotonic() < end_s:
        found = walked(seed, tally.walks, steps, tally)
        if found:
            return found
        if time.monotonic() - shown_s >= _SHOWN_EVERY_S:
            shown_s = time.monotonic()
            print(f"  {tally.walks} walks, {tally.steps} steps, no violation", flush=True)
    return None


def _summary(tally: Tally, seconds: float, found: Broken | None) -> str:
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(tally.kinds.items()))
    broken = "1 violation" if found else "no violation"
    return f"{tally.walks} walks, {tally.steps} steps in {seconds:.0f} s, {broken}\n{kinds}"


def _reproduction(seed: int, found: Broken, steps: int) -> str:
    kind = _kind(found.words)
    short = shortened(found.steps, lambda script: _kind(broken_by(script)[0]) == kind, SHORTENING_S)
    played = "\n".join(f"    {step!r}," for step in short)
    return (
        f"\nwalk {found.number} broke an invariant {found.words}\n"
        f"again: scripts/soak --seed {seed} --walk {found.number} --steps {steps}\n"
        f"shortened to {len(short)} steps, each after `walk.take(...)`:\n{played}"
    )


def _kind(words: str) -> str:
    """Which invariant, or which error: what stays the same while steps are left out."""
    found = _KIND.search(words)
    return found[1] if found else ""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0, help="how long (%(default)s)")
    parser.add_argument(
        "--seed", type=int, help="the walks of an earlier run; without one a new one is drawn"
    )
    parser.add_argument("--walk", type=int, help="only this walk of the seed")
    parser.add_argument("--steps", type=int, default=STEPS, help="steps of a walk (%(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
