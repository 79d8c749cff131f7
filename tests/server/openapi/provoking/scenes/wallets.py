"""Wallets that are too empty, too full, frozen, or the wrong ones."""

from __future__ import annotations

from typing import Any

from .stage import CHALLENGED, DECLINES, VISA, Stage

_DEPOSIT = "/api/v1/wallets/me/deposit"
_TRANSFER = "/api/v1/wallets/transfer"
DEPOSIT = {"amount": 5000, "currency": "usd", **VISA}
TRANSFER = {"to_user_id": "user_789", "amount": 1000, "currency": "usd"}


def deposits_that_are_declined_or_wait(stage: Stage) -> None:
    for method in (*DECLINES, CHALLENGED):
        stage.do("POST", _DEPOSIT, {**DEPOSIT, "payment_method_id": method})
    stage.do("POST", _DEPOSIT, {**DEPOSIT, "payment_method_id": "pm_nobody"})
    stage.do("POST", _DEPOSIT, {**DEPOSIT, "amount": 49})
    stage.do("POST", _DEPOSIT, {**DEPOSIT, "currency": "credits"})


def transfers_that_cannot_be(stage: Stage) -> None:
    stage.do("POST", _TRANSFER, {**TRANSFER, "amount": 15_001})
    stage.do("POST", _TRANSFER, {**TRANSFER, "to_user_id": "user_456"})
    stage.do("POST", _TRANSFER, {**TRANSFER, "to_user_id": "nobody"})
    stage.do("POST", _TRANSFER, {**TRANSFER, "currency": "credits"})
    stage.post("/_mock/wallets/user_456/freeze", {"frozen": True})
    stage.do("POST", _TRANSFER, TRANSFER)


def more_than_json_can_carry(stage: Stage) -> None:
    """The recipient's wallet is filled up to the largest balance, by a state that was edited (rules M-7)."""
    stage.post(_TRANSFER, TRANSFER)
    before = stage.do("GET", "/api/v1/wallets/me", user="user_789").body["balances"]["usd"]

    def fill(state: dict[str, Any]) -> None:
        last = state["ledger"][-1]
        posting = {**last["postings"][0], "source": "external:bank", "amount": 2**53 - 1 - before}
        edited = {"sequence": last["sequence"] + 1, "reference": {"type": "test", "id": "fill"}}
        state["ledger"].append({**last, **edited, "postings": [posting]})

    stage.edit_state(fill)
    stage.do("POST", _TRANSFER, TRANSFER)
    stage.do("POST", _DEPOSIT, DEPOSIT, "user_789")
