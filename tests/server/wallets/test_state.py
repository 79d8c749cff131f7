"""Rows of wallets and credits survive a state file (rules CK-1, decision 5)."""

from __future__ import annotations

import json

from isa_mockserver.kernel import state

from .bank import Bank


def test_a_saved_world_goes_on_where_it_stood(bank: Bank) -> None:
    deposit = {"amount": 5000, "currency": "eur", "payment_method_id": "pm_card_visa"}
    bank.post("/wallets/me/deposit", deposit)
    bank.post("/wallets/me/deposit", {**deposit, "payment_method_id": "pm_bank_success"})
    bank.post("/wallets/transfer", {"to_user_id": "bob", "amount": 700, "currency": "eur", "note": "n"})
    bank.post("/credits/purchase", {"package": "credits_500", "payment_method_id": "pm_card_visa"})
    bank.post("/credits/consume", {"amount": 5, "reason": "x", "metadata": {"k": "v"}})
    held = bank.post("/credits/reserve", {"amount": 50, "reason": "x"}).body["reservation_id"]
    saved = json.loads(json.dumps(state.dump(bank.world)))

    restored = Bank()
    state.load(restored.world, saved)
    for path in ("/wallets/me", "/wallets/me/transactions", "/credits/me", "/credits/me/transactions"):
        assert restored.get(path) == bank.get(path)
    for either in (bank, restored):
        either.advance(days=3)
        either.assert_books_in_order()
    assert restored.world.events == bank.world.events
    assert restored.get("/wallets/me").body["balances"] == {"usd": 0, "eur": 9300, "credits": 495}
    assert restored.post(f"/credits/reservations/{held}/commit").code == "reservation_expired"
