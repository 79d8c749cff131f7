"""`isa-mockserver ledger`: prove the books."""

from __future__ import annotations

import click

from .default import WithDefault
from .output import show
from .remote import Remote, remote_options


@click.group(cls=WithDefault, default="check")
def ledger() -> None:
    """Prove the double-entry ledger: without a command, check."""


@ledger.command()
@remote_options
def check(url: str, token: str | None, as_json: bool) -> None:
    """Prove that every currency sums to zero and no balance is wrong; exit 1 if not."""
    document = Remote(url, token).call("check_ledger")
    sums = ", ".join(f"{currency} {total}" for currency, total in document["currencies"].items())
    verdict = "are in order" if document["ok"] else "are WRONG"
    words = [f"the books {verdict}; sums: {sums or 'no postings yet'}"]
    show(document, as_json=as_json, words="\n".join([*words, *document["violations"]]))
    if not document["ok"]:
        raise SystemExit(1)
