"""The endpoints of the wallet service (8208)."""

from __future__ import annotations

from functools import partial

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.kernel.money import fiat_currency
from isa_mockserver.services.ports import ChargeNow, Declined, TotalCredits
from isa_mockserver.web.paging import created_between, page
from isa_mockserver.web.route import Call, Reply, Route

from . import service
from .model import ENTRIES, Entry
from .schemas import (
    DepositBody,
    DepositRequest,
    EntryPage,
    EntryQuery,
    TransferBody,
    TransferRequest,
    WalletBody,
)
from .views import deposit_view, entry_view, transfer_view, wallet_view


def get_balance(call: Call[None, None], *, total_credits: TotalCredits) -> Reply:
    """Answer the caller's wallet."""
    wallet = service.wallet_of(call.unit, call.user_id)
    funds = service.funds_of(call.unit, wallet)
    return Reply(200, wallet_view(wallet, funds, total_credits(call.unit, call.user_id)))


def deposit(call: Call[DepositRequest, None], *, charge: ChargeNow) -> Reply | DomainError:
    """Add money to the caller's wallet."""
    body = call.body
    made = service.deposit(
        call.unit,
        charge,
        owner=call.user_id,
        amount=body.amount,
        currency=body.currency,
        payment_method_id=body.payment_method_id,
    )
    if isinstance(made, Declined):
        return made.error
    return Reply(201 if made.status == "completed" else 202, deposit_view(made))


def transfer(call: Call[TransferRequest, None]) -> Reply:
    """Move money from the caller's wallet to another user's."""
    body = call.body
    made = service.transfer(
        call.unit,
        sender=call.user_id,
        recipient=body.to_user_id,
        amount=body.amount,
        currency=body.currency,
        note=body.note,
    )
    return Reply(201, transfer_view(made))


def get_transactions(call: Call[None, EntryQuery]) -> Reply:
    """Answer one page of the caller's statement."""
    query = call.query
    currency = fiat_currency(query.currency) if query.currency is not None else None

    def wanted(entry: Entry) -> bool:
        return (
            query.type in (None, entry.type)
            and query.status in (None, entry.status)
            and currency in (None, entry.currency)
            and created_between(entry, query.created_after, query.created_before)
        )

    return Reply(200, page(call.unit, ENTRIES, "owner", call.user_id, query, entry_view, where=wanted))


def routes(charge: ChargeNow, total_credits: TotalCredits) -> tuple[Route, ...]:
    """The endpoints, with the charge that deposits go through and the credits that the wallet mirrors."""
    return (
        Route(
            operation="get_balance",
            method="GET",
            path="/api/v1/wallets/me",
            handler=partial(get_balance, total_credits=total_credits),
            response=WalletBody,
            summary="The caller's wallet; made on first use",
            heading="Get Wallet Balance",
            rules=("W-1", "W-2", "W-3"),
        ),
        Route(
            operation="deposit",
            method="POST",
            path="/api/v1/wallets/me/deposit",
            handler=partial(deposit, charge=charge),
            body=DepositRequest,
            response=DepositBody,
            summary="Add money to the caller's wallet",
            statuses=(201, 202),
            errors=_DEPOSIT_ERRORS,
            heading="Add Funds",
            rules=("W-3", "W-4", "W-11"),
        ),
        Route(
            operation="transfer",
            method="POST",
            path="/api/v1/wallets/transfer",
            handler=transfer,
            body=TransferRequest,
            response=TransferBody,
            summary="Move money to another user's wallet",
            statuses=(201,),
            errors=_TRANSFER_ERRORS,
            heading="Transfer Between Users",
            rules=("W-3", "W-5", "W-6", "W-7", "W-11"),
        ),
        Route(
            operation="get_transactions",
            method="GET",
            path="/api/v1/wallets/me/transactions",
            handler=get_transactions,
            query=EntryQuery,
            response=EntryPage,
            summary="The caller's statement, newest first",
            errors=("invalid_cursor", "invalid_limit", "invalid_value", "invalid_timestamp"),
            heading="Transaction History",
            rules=("W-9", "W-10"),
        ),
    )


_DEPOSIT_ERRORS = (
    "card_declined",
    "expired_card",
    "incorrect_cvc",
    "processing_error",
    "payment_method_not_found",
    "invalid_amount",
    "amount_too_small",
    "amount_too_large",
    "amount_overflow",
    "unsupported_currency",
    "currency_not_supported_for_operation",
    "invalid_value",
)
_TRANSFER_ERRORS = (
    "insufficient_funds",
    "wallet_frozen",
    "recipient_not_found",
    "self_transfer_not_allowed",
    "invalid_amount",
    "amount_too_large",
    "amount_overflow",
    "unsupported_currency",
    "currency_not_supported_for_operation",
)
