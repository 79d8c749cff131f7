"""`/_mock/ledger`: accounts, postings, and the proof that they add up (rules L-1, L-2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from isa_mockserver.kernel.codec import encode
from isa_mockserver.kernel.ledger import Ledger, LedgerTransaction
from isa_mockserver.web.fields import ErrorCode, QueryParams
from isa_mockserver.web.route import Reply

from .answers import LedgerBody, LedgerCheckBody
from .onward import onward
from .route import ControlCall, ControlRoute

DEFAULT_LIMIT = 100
MAX_LIMIT = 1_000


class LedgerQuery(QueryParams):
    """`account` names one account or all below it (`wallet:user_456`); `since` is a sequence number."""

    account: str | None = None
    since: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT), ErrorCode("invalid_limit")] = DEFAULT_LIMIT


def show_ledger(call: ControlCall[None, LedgerQuery]) -> Reply:
    """Accounts with their balances, and the transactions after `since`, oldest first."""
    world, query = call.runtime.world, call.query
    with world.lock:
        world.catch_up()
        accounts = _accounts(world.ledger, query)
        transactions = _transactions(world.ledger, query)
    shown = transactions[: query.limit]
    return Reply(
        200,
        {
            "accounts": accounts[: query.limit],
            "accounts_total": len(accounts),
            "transactions": [encode(transaction) for transaction in shown],
            "has_more": len(transactions) > query.limit,
            "next_since": shown[-1].sequence if shown else query.since,
        },
    )


def check_ledger(call: ControlCall[None, None]) -> Reply:
    """Prove the books from the postings."""
    world = call.runtime.world
    with world.lock:
        world.catch_up()
        report = world.ledger.check()
    body: Mapping[str, Any] = {
        "ok": report.ok,
        "currencies": report.currencies,
        "violations": list(report.violations),
    }
    return Reply(200, body)


def _accounts(ledger: Ledger, query: LedgerQuery) -> list[dict[str, Any]]:
    return [
        {"account": account, "currency": currency, "balance": balance}
        for (account, currency), balance in sorted(ledger.balances.items())
        if _is_below(account, query.account)
    ]


def _transactions(ledger: Ledger, query: LedgerQuery) -> list[LedgerTransaction]:
    """At most one more than the limit; a transaction's sequence number is its place in the list."""
    found: list[LedgerTransaction] = []
    for transaction in onward(ledger.transactions, query.since):
        if any(_is_below(account, query.account) for account in _touched(transaction)):
            found.append(transaction)
            if len(found) > query.limit:
                break
    return found


def _touched(transaction: LedgerTransaction) -> Iterator[str]:
    for posting in transaction.postings:
        yield posting.source
        yield posting.destination


def _is_below(account: str, wanted: str | None) -> bool:
    return wanted is None or account == wanted or account.startswith(f"{wanted}:")


ROUTES = (
    ControlRoute(
        operation="get_ledger",
        method="GET",
        path="/_mock/ledger",
        handler=show_ledger,
        response=LedgerBody,
        query=LedgerQuery,
        summary="Accounts, balances and postings",
    ),
    ControlRoute(
        operation="check_ledger",
        method="GET",
        path="/_mock/ledger/check",
        handler=check_ledger,
        response=LedgerCheckBody,
        summary="Prove that the books add up",
    ),
)
