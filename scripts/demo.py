"""The demonstration: the published page's Python and a story in both colours against a fresh server."""

from __future__ import annotations

import asyncio
import os
import sys

from isa_user import IsaError, SyncIsaUser
from scripts.local_server import LocalServer, server_at_an_offset
from scripts.story.money import billing_chapter, credits_chapter, wallet_chapter
from scripts.story.page import page_chapter
from scripts.story.payments import payments_chapter
from scripts.story.subscription import subscription_chapter
from scripts.story.table import Chapter, render
from scripts.story.webhook import webhook_chapter

USER = "user_ada"
FRIEND = "user_789"


def main() -> int:
    """Runs the demonstration; 0, or 1 with one sentence on stderr."""
    try:
        with server_at_an_offset("--seed", "demo") as server:
            _lead_here(server)
            print(_ports(server), end="\n\n", flush=True)
            print(render(_tell(server)))
            print(f"\n{_proof(server)}")
        print("The server has stopped. Your own first program: docs/quickstart.md")
    except (IsaError, RuntimeError, OSError) as error:
        print(f"scripts/demo: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


def _tell(server: LocalServer) -> list[Chapter]:
    chapters = [asyncio.run(page_chapter(server)), asyncio.run(payments_chapter(USER))]
    with SyncIsaUser(token=USER) as isa:
        chapters.append(wallet_chapter(isa, USER, FRIEND))
        chapters.append(subscription_chapter(isa, USER, server))
        chapters.append(credits_chapter(isa, USER))
        chapters.append(billing_chapter(isa, USER))
        chapters.append(webhook_chapter(isa, USER, server))
    return chapters


def _lead_here(server: LocalServer) -> None:
    for name in [name for name in os.environ if name.startswith("ISA_USER_")]:
        del os.environ[name]
    os.environ.update(server.environment)


def _ports(server: LocalServer) -> str:
    names = ", ".join(f"{service} {port}" for service, port in sorted(server.ports.items()))
    return f"isa-mockserver runs on localhost: {names}."


def _proof(server: LocalServer) -> str:
    checked = server.control("GET", "/ledger/check")
    if not checked["ok"]:
        raise RuntimeError(f"the ledger does not add up: {checked['violations']}")
    return f"The ledger adds up: every currency sums to zero ({', '.join(sorted(checked['currencies']))})."


if __name__ == "__main__":
    sys.exit(main())
