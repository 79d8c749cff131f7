"""The fixture `demo`: the users, balances and ids of the published page, made by the rules' own means."""

from __future__ import annotations

from .kernel.unit import Unit
from .kernel.users import register
from .kernel.world import World
from .services.credits.wiring import seed_credits
from .services.payments.wiring import charge_now, seed_intent
from .services.wallets.wiring import deposit, seed_wallet

CUSTOMER = "user_456"
RECIPIENT = "user_789"


def seed_demo(world: World) -> None:
    """Fill an empty World so that every command of the page succeeds as printed; it emits no events."""
    with world.unit(quiet=True) as unit:
        register(unit, CUSTOMER)
        register(unit, RECIPIENT)
        _fund_wallet(unit)
        seed_credits(unit, owner=CUSTOMER)
        seed_intent(
            unit,
            intent_id="pi_abc123",
            owner=CUSTOMER,
            amount=2999,
            currency="usd",
            description="Pro Plan - Monthly",
        )


def _fund_wallet(unit: Unit) -> None:
    """15000 usd by a card that is then the customer's default method."""
    seed_wallet(unit, owner=CUSTOMER, wallet_id="wallet_123")
    deposit(
        unit,
        charge_now,
        owner=CUSTOMER,
        amount=15_000,
        currency="usd",
        payment_method_id="pm_card_visa",
    )
