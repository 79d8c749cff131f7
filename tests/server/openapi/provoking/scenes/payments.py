"""Payment intents, refunds and crypto payments in states that refuse."""

from __future__ import annotations

from typing import Any

from .stage import CHALLENGED, DECLINES, EMPTY_WALLET, VISA, Stage

INTENT = {"amount": 2999, "currency": "usd"}
CRYPTO = {
    "amount": 100,
    "currency": "usdc",
    "blockchain": "ethereum",
    "wallet_address": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
}
_CREATE = "/api/v1/payments/intent"
_CRYPTO = "/api/v1/payments/crypto"


def declined_at_creation_and_at_confirmation(stage: Stage) -> None:
    for method in (*DECLINES, EMPTY_WALLET, CHALLENGED):
        wanted = {"payment_method_id": method}
        stage.do("POST", _CREATE, {**INTENT, **wanted, "confirm": True}, "poor")
        stage.do("POST", f"{stage.intent('poor')}/confirm", wanted, "poor")


def without_a_method(stage: Stage) -> None:
    stage.do("POST", _CREATE, {**INTENT, "payment_method_id": "pm_nobody"})
    stage.do("POST", _CREATE, {**INTENT, "confirm": True}, "new")
    stage.do("POST", f"{stage.intent('new')}/confirm", {}, "new")
    stage.do("POST", _CREATE, {**INTENT, "amount": 49})


def tried_too_often(stage: Stage) -> None:
    intent = stage.intent()
    for _ in range(11):
        stage.do("POST", f"{intent}/confirm", {"payment_method_id": DECLINES[0]})


def canceled_captured_and_changed(stage: Stage) -> None:
    held = stage.intent(**VISA, confirm=True, capture_method="manual")
    stage.post(f"{held}/capture", {"amount": 2000})
    waiting = stage.intent()
    stage.do("PATCH", waiting, {"description": "more"})
    stage.post(f"{waiting}/cancel", {})
    for closed in (held, waiting):
        stage.do("POST", f"{closed}/cancel", {})
        stage.do("POST", f"{closed}/capture", {})
        stage.do("POST", f"{closed}/confirm", VISA)
        stage.do("PATCH", closed, {"description": "too late"})


def refunds_that_come_too_late_or_take_too_much(stage: Stage) -> None:
    refund = f"{stage.intent(**VISA, confirm=True)}/refund".replace("/intent/", "/")
    stage.do("POST", refund, {"amount": 3000})
    stage.post(refund, {})
    stage.do("POST", refund, {})
    stage.do("POST", f"{stage.intent()}/refund".replace("/intent/", "/"), {})
    late = f"{stage.intent(**VISA, confirm=True)}/refund".replace("/intent/", "/")
    stage.advance("P181D")
    stage.do("POST", late, {})


def refunds_of_what_was_spent(stage: Stage) -> None:
    deposit = {"amount": 5000, "currency": "usd", **VISA}
    paid = stage.post("/api/v1/wallets/me/deposit", deposit, "spender")["payment_intent_id"]
    transfer = {"to_user_id": "user_789", "amount": 4000, "currency": "usd"}
    stage.post("/api/v1/wallets/transfer", transfer, "spender")
    stage.do("POST", f"/api/v1/payments/{paid}/refund", {}, "spender")
    bought = stage.post("/api/v1/credits/purchase", {"package": "credits_100", **VISA}, "spender")
    stage.post("/api/v1/credits/consume", {"amount": 60, "reason": "test"}, "spender")
    stage.do("POST", f"/api/v1/payments/{bought['payment_intent_id']}/refund", {}, "spender")


def crypto_payments(stage: Stage) -> None:
    stage.do("POST", _CRYPTO, {**CRYPTO, "amount": 99})
    stage.do("POST", _CRYPTO, {**CRYPTO, "blockchain": "bitcoin"})
    ended = stage.post(_CRYPTO, CRYPTO)["crypto_payment_id"]
    stage.post(f"{_CRYPTO}/{ended}/cancel")
    stage.do("POST", f"{_CRYPTO}/{ended}/cancel")


def the_chain_in_states_that_refuse(stage: Stage) -> None:
    done = stage.post(_CRYPTO, CRYPTO)["crypto_payment_id"]
    chain = f"/_mock/crypto/{done}"
    stage.post(f"{chain}/transactions", {"tx_hash": "0x1", "amount": 60})
    stage.do("DELETE", f"{chain}/transactions/0x1")
    stage.post(f"{chain}/transactions", {"tx_hash": "0x3", "amount": 100})
    stage.post(f"{chain}/confirmations", {"confirmations": 12})
    stage.do("DELETE", f"{chain}/transactions/0x3")
    stage.do("POST", f"{chain}/transactions", {"tx_hash": "0x4", "amount": 1})
    stage.do("POST", f"{chain}/resolve", {"resolution": "accept"})
    short = stage.post(_CRYPTO, CRYPTO)["crypto_payment_id"]
    stage.post(f"/_mock/crypto/{short}/transactions", {"tx_hash": "0x5", "amount": 60})
    stage.advance("PT2H")
    stage.post(f"/_mock/crypto/{short}/resolve", {"resolution": "accept"})


def more_coins_than_json_can_carry(stage: Stage) -> None:
    """A transfer that was seen is made the largest number, in a state that was edited (rules M-7)."""
    chain = f"/_mock/crypto/{stage.post(_CRYPTO, CRYPTO)['crypto_payment_id']}"
    stage.post(f"{chain}/transactions", {"tx_hash": "0x6", "amount": 60})

    def fill(state: dict[str, Any]) -> None:
        state["tables"]["crypto_payments"]["rows"][-1][1]["transactions"][0]["amount"] = 2**53 - 1

    stage.edit_state(fill)
    stage.do("POST", f"{chain}/transactions", {"tx_hash": "0x7", "amount": 1})
