"""`isa-mockserver requests`: what was asked of the server, and what it answered."""

from __future__ import annotations

from typing import Any

import click

from isa_mockserver.web.visible import visible

from .default import WithDefault
from .output import show
from .remote import Remote, remote_options


@click.group(cls=WithDefault, default="list")
def requests() -> None:
    """List what was asked and answered, or forget it."""


@requests.command("list")
@click.option("--operation", metavar="NAME", help="The SDK's method name, such as create_intent.")
@click.option("--service", metavar="NAME", help="payments, wallets, billing, subscriptions or credits.")
@click.option("--user", metavar="USER", help="Only this user's.")
@click.option("--status", metavar="STATUS", help="402, a class such as 4xx, or none.")
@click.option("--code", metavar="CODE", help="A stable error code, such as card_declined.")
@click.option("--method", metavar="METHOD", help="GET, POST, ...")
@click.option("--path", metavar="PATH", help="The exact path.")
@click.option("--fault", metavar="EFFECT", help="Only those that this kind of fault struck.")
@click.option("--since", default="0", metavar="N", help="After this sequence number.")
@click.option("--limit", default="100", show_default=True, metavar="N", help="How many at most, to 1000.")
@click.option("--counts", is_flag=True, help="Only how many, by operation and status.")
@remote_options
def list_requests(counts: bool, url: str, token: str | None, as_json: bool, **filters: str | None) -> None:
    """List the requests that fit, oldest first."""
    params = {name: value for name, value in filters.items() if value is not None}
    document = Remote(url, token).call("list_requests", query=params)
    if counts:
        show(document["counts"], as_json=as_json, words=_count_words(document["counts"]))
        return
    words = [_words(entry) for entry in document["data"]]
    if document["has_more"]:
        words.append(f"... and more; go on with --since {document['next_since']}")
    if document["dropped"]:
        words.append(f"({document['dropped']} older requests are not kept any more)")
    show(document, as_json=as_json, words="\n".join(words) or "nothing was asked")


@requests.command()
@remote_options
def clear(url: str, token: str | None, as_json: bool) -> None:
    """Forget what was asked so far."""
    document = Remote(url, token).call("clear_requests")
    show(document, as_json=as_json, words=f"forgot {document['cleared']} requests")


def _words(entry: Any) -> str:
    marks = [entry["code"], entry["replayed"] and "replayed", entry["fault"] and f"fault={entry['fault']}"]
    said = " ".join(mark for mark in (*marks, entry["warning"]) if mark)
    line = (
        f"{entry['sequence']:>6}  {entry['at']}  {entry['status'] or '---'}  {entry['method']:<6} "
        f"{entry['path']}  {entry['user'] or '-'}  {said}"
    )
    return visible(line.rstrip())


def _count_words(counts: Any) -> str:
    by_operation = [f"{name:<28} {count:>6}" for name, count in counts["by_operation"].items()]
    by_status = [f"{status:<28} {count:>6}" for status, count in counts["by_status"].items()]
    return "\n".join([f"{'all':<28} {counts['total']:>6}", *by_operation, *by_status])
