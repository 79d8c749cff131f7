"""The advice that errors end with speaks of codes that the server knows (rules 8.3, DU-2)."""

from __future__ import annotations

import pytest

from isa_mockserver.kernel.errors import CODES
from isa_user.errors import CardDeclinedError
from isa_user.errors._advice import BY_CODE


def test_every_code_with_advice_is_one_of_the_servers() -> None:
    assert set(BY_CODE) - set(CODES) == set()


@pytest.mark.parametrize("code", sorted(code for code, (status, _) in CODES.items() if status == 409))
def test_every_conflict_says_what_to_do_about_it(code: str) -> None:
    """What the classes say is enough for two; a sandbox is no business of the SDK."""
    without = {"crypto_payment_unexpected_state", "idempotency_in_progress", "sandbox_exists"}
    assert (code in BY_CODE) is (code not in without)


@pytest.mark.parametrize("decline_code", ["lost_card", "stolen_card", "fraudulent", "incorrect_number"])
def test_du2_a_final_decline_asks_not_to_charge_that_card_again(decline_code: str) -> None:
    error = CardDeclinedError("No.", status_code=402, code="card_declined", decline_code=decline_code)
    assert "Do not charge this card again" in str(error)


@pytest.mark.parametrize("decline_code", ["generic_decline", "insufficient_funds", None])
def test_du2_a_soft_decline_does_not(decline_code: str | None) -> None:
    error = CardDeclinedError("No.", status_code=402, code="card_declined", decline_code=decline_code)
    assert "again;" not in str(error)
