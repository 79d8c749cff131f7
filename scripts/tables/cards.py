"""The test payment methods, and what each does."""

from __future__ import annotations

from isa_mockserver.kernel.cards import METHODS, Decline, TestMethod
from scripts.tables.text import table


def cards() -> str:
    """One row a method."""
    return table(
        ("`payment_method_id`", "with the customer present", "without (a renewal)", "a refund"),
        (
            (f"`{method.id}`", _present(method), _absent(method), _refund(method))
            for method in METHODS.values()
        ),
    )


def _present(method: TestMethod) -> str:
    if method.rail == "bank":
        return "processing; after 3 days " + ("succeeded" if method.settles else "failed")
    if method.rail == "wallet":
        return "pays from the caller's wallet; 402 `insufficient_funds` where that has too little"
    outcome = _declined(method.decline) if method.decline else "succeeded"
    return f"`requires_action`; once authenticated {outcome}" if method.needs_authentication else outcome


def _absent(method: TestMethod) -> str:
    if method.off_session_decline:
        return _declined(method.off_session_decline)
    return "the same"


def _declined(decline: Decline) -> str:
    finer = f" / `{decline.decline_code}`" if decline.decline_code else ""
    final = ", final: not charged again" if decline.hard else ""
    return f"402 `{decline.code}`{finer}{final}"


def _refund(method: TestMethod) -> str:
    if method.decline and not method.needs_authentication:
        return ""
    return {
        "succeeds": "succeeds at once",
        "pends": "pending; succeeds when the clock moves",
        "fails": "succeeds; fails when the clock moves",
    }[method.refund]
