"""Three chapters, sync: a wallet, credits, an invoice with usage."""

from __future__ import annotations

from isa_user import InsufficientCreditsError, InsufficientFundsError, InvoiceItemParam, SyncIsaUser
from scripts.story.facts import known
from scripts.story.table import Chapter, Row, dollars


def wallet_chapter(isa: SyncIsaUser, user: str, friend: str) -> Chapter:
    """Money into the wallet, some to a friend, and more than there is."""
    deposit = isa.wallets.deposit(amount=5000, currency="usd", payment_method_id="pm_card_visa")
    transfer = isa.wallets.transfer(to_user_id=friend, amount=1000, currency="usd", note="Lunch")
    rows = [
        Row("a deposit by card", "deposit", f"balance {dollars(deposit.balance)}", dollars(deposit.amount)),
        Row(
            f"a transfer to {friend}",
            "transfer",
            f"balance {dollars(transfer.balance)}",
            dollars(-transfer.amount),
        ),
    ]
    try:
        isa.wallets.transfer(to_user_id=friend, amount=transfer.balance + 1, currency="usd")
    except InsufficientFundsError as error:
        rows.append(Row("a cent more than there is", "transfer", str(error.code)))
    else:
        raise RuntimeError("the wallet paid more than it held")
    return Chapter(f"Wallet (sync, {user})", rows)


def credits_chapter(isa: SyncIsaUser, user: str) -> Chapter:
    """Credits bought and used, and one more than there are."""
    bought = isa.credits.purchase(package="credits_1000", payment_method_id="pm_card_visa")
    used = isa.credits.consume(amount=10, reason="api_premium_feature")
    left = used.balance.available
    rows = [
        Row(f"{bought.credits} credits bought", "purchase", bought.status, dollars(bought.amount)),
        Row(f"{used.amount} credits used", "consume", f"{left} left"),
    ]
    try:
        isa.credits.consume(amount=left + 1, reason="one_too_many")
    except InsufficientCreditsError as error:
        rows.append(Row("one credit too many", "consume", str(error.code)))
    else:
        raise RuntimeError("more credits were used than there were")
    return Chapter(f"Credits (sync, {user})", rows)


def billing_chapter(isa: SyncIsaUser, user: str) -> Chapter:
    """An invoice, and usage against the plan's quota."""
    line: InvoiceItemParam = {"description": "API Usage - January", "quantity": 10000, "unit_price": 1}
    invoice = isa.billing.create_invoice(customer_id=user, items=[line])
    usage = isa.billing.record_usage(metric="api_calls", quantity=150)
    quota = known(usage.quota, "the quota of api_calls")
    limit = "unlimited" if quota.limit is None else f"of {quota.limit:,}"
    return Chapter(
        f"Billing (sync, {user})",
        [
            Row(f"invoice {invoice.number}", "create_invoice", invoice.status, dollars(invoice.total)),
            Row(f"{usage.quantity} {usage.metric}", "record_usage", f"{quota.used:,} used {limit}"),
        ],
    )
