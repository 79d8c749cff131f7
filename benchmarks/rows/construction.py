"""Row 9: five clients made, against one of httpx."""

from __future__ import annotations

from collections.abc import Sequence

import httpx

import isa_user
from benchmarks.measuring import Effort, interleaved, repeated
from benchmarks.result import Result, compared, timed

_FIVE = (
    isa_user.PaymentClient,
    isa_user.WalletClient,
    isa_user.BillingClient,
    isa_user.SubscriptionClient,
    isa_user.CreditClient,
)


def five_clients(effort: Effort) -> Sequence[Result]:
    """Row 9, as a ratio and as a time."""
    blocks = {
        "five clients": repeated(lambda: [make("http://localhost:8207") for make in _FIVE], 20),
        "one httpx.AsyncClient": repeated(httpx.AsyncClient, 1),
    }
    interleaved(blocks, 1)
    costs = interleaved(blocks, effort.rounds)
    return [
        compared("9", costs, "five clients", "one httpx.AsyncClient"),
        timed("9 time", costs["five clients"]),
    ]
