"""Does the time of a refused signature tell where it is wrong? Measures it; a person judges.

Usage: python -m scripts.signature_timing [samples]

Webhook signatures and tokens that differ from the right one in the first and in the last place are checked in
turn, in random order. A comparison that stops at the first difference shows as a gap that grows with the
place; Welch's t beyond 4.5 in either direction is the usual threshold for a leak.
"""

from __future__ import annotations

import math
import random
import sys
import time
from collections.abc import Callable
from statistics import fmean, median, variance

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.web.auth import TrustedKey, VerifyAuthenticator, mint_token
from isa_user.webhooks._signature import matches, signature

SAMPLES = 20_000
CALLS_A_SAMPLE = 20
THRESHOLD = 4.5
KEY = bytes(range(32))
SECRET = "a secret of thirty-two bytes, at least."
Check = Callable[[str], object]


def webhook_check() -> tuple[str, Check]:
    """The right signature, and what judges one."""
    right = signature(KEY, "evt_1", "1706436000", b"{}")
    return right, lambda given: matches([right], [given])


def token_check() -> tuple[str, Check]:
    """The right token, and what judges one."""
    verifier = VerifyAuthenticator(TrustedKey.shared_secret(SECRET))

    def check(token: str) -> object:
        try:
            return verifier.authenticate(f"Bearer {token}")
        except DomainError as error:
            return error

    return mint_token("user_1", secret=SECRET), check


def wrong_at(right: str, place: int) -> str:
    """The text with one other character of the same alphabet."""
    other = "A" if right[place] != "A" else "B"
    at = place % len(right)
    return right[:at] + other + right[at + 1 :]


def welch_t(first: list[float], second: list[float]) -> float:
    """By how many standard errors the means differ; what is slower than twice the median is noise."""
    a, b = ([time for time in times if time < 2 * median(times)] for times in (first, second))
    return (fmean(a) - fmean(b)) / math.sqrt(variance(a) / len(a) + variance(b) / len(b))


def measure(check: Check, candidates: list[str], samples: int) -> list[list[float]]:
    """Nanoseconds a call for each candidate, taken in random order."""
    times: list[list[float]] = [[] for _ in candidates]
    for _ in range(samples):
        for number in random.sample(range(len(candidates)), len(candidates)):  # nosec B311
            candidate = candidates[number]
            began = time.perf_counter_ns()
            for _ in range(CALLS_A_SAMPLE):
                check(candidate)
            times[number].append((time.perf_counter_ns() - began) / CALLS_A_SAMPLE)
    return times


def report(name: str, right: str, check: Check, first: int, samples: int) -> bool:
    """Print one line, and tell whether nothing shows. `first` is the first place of the signature."""
    early, late = measure(check, [wrong_at(right, first), wrong_at(right, -4)], samples)
    score = welch_t(early, late)
    print(f"{name:<18} first place {median(early):8.0f} ns   last {median(late):8.0f} ns   t = {score:+.2f}")
    return abs(score) < THRESHOLD


def main(samples: int = SAMPLES) -> int:
    """Measure both; 0 where neither shows anything."""
    signed, judge_signature = webhook_check()
    token, judge_token = token_check()
    quiet = report("webhook signature", signed, judge_signature, len("v1,"), samples)
    quiet &= report("token", token, judge_token, token.rindex(".") + 1, samples // 10)
    return 0 if quiet else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
