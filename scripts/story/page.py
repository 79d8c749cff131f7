"""First chapter: the Python of the published page, as printed."""

from __future__ import annotations

from typing import Any

from scripts.local_server import LocalServer
from scripts.snippet import run_snippet
from scripts.story.table import Chapter, Row, dollars
from tests.contract.page import read_page


async def page_chapter(server: LocalServer) -> Chapter:
    """Runs the page's snippet against this server and tells what its variables hold."""
    names: dict[str, Any] = {"access_token": "YOUR_JWT_TOKEN"}
    try:
        await run_snippet(server.localise(read_page().snippet("Python SDK")), names, name="payments.md")
    finally:
        for client in ("payment", "wallet"):
            if client in names:
                await names[client].aclose()
    intent, balance, subscription = names["intent"], names["balance"], names["subscription"]
    return Chapter(
        "The published page's Python, as printed (async, user_456)",
        [
            Row("payment intent", "create_intent", intent.status, dollars(intent.amount)),
            Row("wallet balance", "get_balance", f"{balance.balances['credits']} credits", _usd(balance)),
            Row(
                f"subscription to {subscription.plan.name}",
                "create_subscription",
                subscription.status,
                dollars(subscription.plan.price),
            ),
        ],
    )


def _usd(balance: Any) -> str:
    return dollars(balance.balances["usd"])
