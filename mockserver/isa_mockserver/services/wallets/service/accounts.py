"""The wallet itself: one per user, made when it is first needed (rules W-1)."""

from __future__ import annotations

from isa_mockserver.kernel.chart import wallet_available, wallet_pending
from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.money import CREDITS, fiat_currency
from isa_mockserver.kernel.unit import Unit
from isa_mockserver.kernel.users import is_known
from isa_mockserver.services.wallets.model import WALLETS, Funds, Wallet


def wallet_of(unit: Unit, owner: str) -> Wallet:
    """The user's wallet; makes it on first use (rules W-1)."""
    found = unit.find(WALLETS, "owner", owner)
    return found[0] if found else seed_wallet(unit, owner=owner, wallet_id=unit.new_id("wallet"))


def seed_wallet(unit: Unit, *, owner: str, wallet_id: str) -> Wallet:
    """Make the wallet of a user who has none yet, under a given id: for fixtures."""
    return unit.put(WALLETS, Wallet(id=wallet_id, owner=owner, created_at=unit.now))


def hold_currency(unit: Unit, owner: str, currency: str) -> None:
    """Have the user's wallet list `currency` from now on (rules W-1)."""
    wallet = wallet_of(unit, owner)
    if currency not in wallet.currencies:
        unit.put(WALLETS, wallet._replace(currencies=(*wallet.currencies, currency)))


def funds_of(unit: Unit, wallet: Wallet) -> Funds:
    """Available and pending money of every currency that the wallet ever held (rules W-2)."""
    available, pending = wallet_available(wallet.owner), wallet_pending(wallet.owner)
    return Funds(
        available={currency: unit.balance(available, currency) for currency in wallet.currencies},
        pending={currency: unit.balance(pending, currency) for currency in wallet.currencies},
    )


def set_frozen(unit: Unit, user_id: str, frozen: bool) -> Wallet:
    """Freeze the user's wallet, or thaw it: a frozen one takes no part in transfers (rules W-5).

    Raises:
        DomainError: `user_not_found`.
    """
    if not is_known(unit, user_id):
        raise DomainError("user_not_found", f"No user {user_id!r} is known.", param="user_id")
    return unit.put(WALLETS, wallet_of(unit, user_id)._replace(frozen=frozen))


def wallet_currency(text: str) -> str:
    """A currency that money can be deposited or transferred in (rules W-3, M-4).

    Raises:
        DomainError: `currency_not_supported_for_operation` for credits, `unsupported_currency`.
    """
    if text.lower() == CREDITS:
        raise DomainError(
            "currency_not_supported_for_operation",
            "Credits are no money of the wallet; buy them with POST /api/v1/credits/purchase.",
            param="currency",
        )
    return fiat_currency(text)


def short_of_funds(unit: Unit, owner: str, currency: str, required: int) -> DomainError | None:
    """The refusal when the user's available money does not cover `required` minor units, else None."""
    available = unit.balance(wallet_available(owner), currency)
    if available >= required:
        return None
    return DomainError(
        "insufficient_funds",
        f"The wallet holds {available} {currency}; {required} are needed.",
        context={"available": available, "required": required, "shortfall": required - available},
    )
