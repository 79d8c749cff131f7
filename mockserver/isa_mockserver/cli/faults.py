"""`isa-mockserver faults`: make something go wrong, see what struck, make it stop."""

from __future__ import annotations

from typing import Any

import click

from isa_mockserver.web.faults.model import EFFECTS

from .default import WithDefault
from .output import show
from .remote import Remote, remote_options

_OF_THE_MATCH = ("operation", "service", "user", "nth")
_EFFECTS = "\n\n".join(f"{name}: {what}" for name, what in EFFECTS.items())


@click.group(cls=WithDefault, default="list")
def faults() -> None:
    """List, add, remove or clear faults."""


@faults.command("list")
@remote_options
def list_faults(url: str, token: str | None, as_json: bool) -> None:
    """List what is armed, and how many requests each struck."""
    document = Remote(url, token).call("list_faults")
    show(document, as_json=as_json, words="\n".join(map(_words, document["data"])) or "no faults")


@faults.command(help=f"Have EFFECT strike requests that match; once, unless told otherwise.\n\n{_EFFECTS}")
@click.argument("effect", type=click.Choice(list(EFFECTS)), metavar="EFFECT")
@click.option("--operation", metavar="NAME", help="The SDK's method name, such as deposit.")
@click.option("--service", metavar="NAME", help="payments, wallets, billing, subscriptions or credits.")
@click.option("--user", metavar="USER", help="Only this user's requests.")
@click.option("--nth", type=int, metavar="N", help="From the nth matching request on.")
@click.option("--times", type=int, metavar="N", help="How many requests it strikes.")
@click.option("--always", is_flag=True, help="It strikes until it is removed.")
@click.option("--probability", type=float, metavar="P", help="Strike each match with this probability.")
@click.option("--seed", type=int, metavar="N", help="What the draws repeat with.")
@click.option("--latency", "latency_s", type=float, metavar="SECONDS", help="Answer so much later.")
@click.option("--status", type=int, metavar="N", help="The status to answer, 400 to 599.")
@click.option("--code", metavar="CODE", help="The stable code to answer, such as card_declined.")
@click.option("--retry-after", "retry_after_s", type=int, metavar="SECONDS", help="Send Retry-After.")
@click.option("--burst", type=int, metavar="N", help="Of a rate limit: how many at once.")
@click.option("--per-second", "per_s", type=float, metavar="N", help="Of a rate limit: how many on and on.")
@remote_options
def add(always: bool, url: str, token: str | None, as_json: bool, **options: Any) -> None:
    given = {name: value for name, value in options.items() if value is not None}
    match = {name: given.pop(name) for name in _OF_THE_MATCH if name in given}
    body = {"match": match, **given, **({"times": None} if always else {})}
    made = Remote(url, token).call("add_fault", body=body)
    show(made, as_json=as_json, words=_words(made))


@faults.command()
@click.argument("fault_id")
@remote_options
def remove(fault_id: str, url: str, token: str | None, as_json: bool) -> None:
    """Remove one fault."""
    Remote(url, token).call("remove_fault", fault_id=fault_id)
    show({"fault_id": fault_id}, as_json=as_json, words=f"{fault_id} is gone")


@faults.command()
@remote_options
def clear(url: str, token: str | None, as_json: bool) -> None:
    """Remove all faults."""
    document = Remote(url, token).call("clear_faults")
    show(document, as_json=as_json, words=f"removed {document['cleared']} faults")


def _words(fault: Any) -> str:
    match = {name: value for name, value in fault["match"].items() if value is not None}
    if match["nth"] == 1:
        del match["nth"]
    which = " ".join(f"{name}={value}" for name, value in match.items()) or "any request"
    limit = "" if fault["times"] is None else f" of {fault['times']}"
    counts = f"matched {fault['matched']}, struck {fault['struck']}{limit}"
    return f"{fault['fault_id']:<10} {fault['effect']:<24} {which}  ({counts})"
