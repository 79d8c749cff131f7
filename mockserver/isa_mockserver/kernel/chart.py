"""The chart of accounts (rules 3.1): account names, and which of them may go below zero."""

from __future__ import annotations

Account = str

EXTERNAL_CARD: Account = "external:card"
EXTERNAL_BANK: Account = "external:bank"
CREDITS_ISSUED: Account = "external:credits_issued"
CLEARING: Account = "platform:clearing"

_MAY_BE_NEGATIVE = ("external:", "platform:", "customer_balance:")


def external_crypto(coin: str) -> Account:
    """The outside world's side of a coin."""
    return f"external:crypto:{coin}"


def wallet_available(user_id: str) -> Account:
    """A user's settled, spendable money."""
    return f"wallet:{user_id}:available"


def wallet_pending(user_id: str) -> Account:
    """A user's money that has not settled yet."""
    return f"wallet:{user_id}:pending"


def credits_available(user_id: str) -> Account:
    """A user's credits that are free to spend."""
    return f"credits:{user_id}:available"


def credits_reserved(user_id: str) -> Account:
    """A user's credits under a hold."""
    return f"credits:{user_id}:reserved"


def customer_balance(user_id: str) -> Account:
    """What a customer's invoices may draw on, or (negative) carry to the next one (BL-11)."""
    return f"customer_balance:{user_id}"


def revenue(stream: str) -> Account:
    """The platform's income of one stream: payments, invoices, subscriptions, credits, crypto."""
    return f"platform:revenue:{stream}"


def may_be_negative(account: Account) -> bool:
    """Whether the account may fall below zero; wallet and credits accounts may not."""
    return account.startswith(_MAY_BE_NEGATIVE)
