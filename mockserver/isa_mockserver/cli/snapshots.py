"""`isa-mockserver snapshots`: name a moment, go back to it, see what changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from .default import WithDefault
from .output import clock_words, show
from .remote import Remote, remote_options


@click.group(cls=WithDefault, default="list")
def snapshots() -> None:
    """List, take, restore, fork, compare or drop snapshots; a server with --data keeps them."""


@snapshots.command("list")
@remote_options
def list_snapshots(url: str, token: str | None, as_json: bool) -> None:
    """List every snapshot."""
    document = Remote(url, token).call("list_snapshots")
    words = [f"{each['name']:<24} {clock_words(each['clock'])}" for each in document["data"]]
    show(document, as_json=as_json, words="\n".join(words) or "no snapshots")


@snapshots.command()
@click.argument("name")
@remote_options
def take(name: str, url: str, token: str | None, as_json: bool) -> None:
    """Call the present NAME."""
    document = Remote(url, token).call("take_snapshot", name=name)
    show(document, as_json=as_json, words=f"{name} is {clock_words(document['clock'])}")


@snapshots.command()
@click.argument("name")
@remote_options
def restore(name: str, url: str, token: str | None, as_json: bool) -> None:
    """Go back to NAME, time and ids included."""
    document = Remote(url, token).call("restore_snapshot", name=name)
    show(document, as_json=as_json, words=f"back at {name}; the clock says {clock_words(document)}")


@snapshots.command()
@click.argument("name")
@click.argument("new_sandbox")
@remote_options
def fork(name: str, new_sandbox: str, url: str, token: str | None, as_json: bool) -> None:
    """Make the sandbox NEW_SANDBOX, which begins with NAME."""
    document = Remote(url, token).call("fork_snapshot", name=name, body={"sandbox": new_sandbox})
    show(document, as_json=as_json, words=f"the sandbox {new_sandbox} begins with {name}")


@snapshots.command()
@click.argument("name")
@click.option("--to", metavar="NAME", help="Up to this snapshot instead of up to now.")
@remote_options
def diff(name: str, to: str | None, url: str, token: str | None, as_json: bool) -> None:
    """Show what changed since NAME."""
    params = {} if to is None else {"to": to}
    document = Remote(url, token).call("diff_snapshot", name=name, query=params)
    show(document, as_json=as_json, words="\n".join(_changes(document)) or "nothing changed")


@snapshots.command()
@click.argument("name")
@remote_options
def drop(name: str, url: str, token: str | None, as_json: bool) -> None:
    """Forget NAME."""
    Remote(url, token).call("drop_snapshot", name=name)
    show({"name": name}, as_json=as_json, words=f"{name} is gone")


def _changes(found: Any) -> Iterator[str]:
    if found["time"]["before"] != found["time"]["after"]:
        yield f"time: {found['time']['before']} -> {found['time']['after']}"
    for table, rows in found["tables"].items():
        yield from (f"+ {table} {row_id}" for row_id in rows["added"])
        yield from (f"- {table} {row_id}" for row_id in rows["removed"])
        for row_id, fields in rows["changed"].items():
            changed = ", ".join(f"{name}: {_was(pair)}" for name, pair in fields.items())
            yield f"~ {table} {row_id}  {changed}"
    for each in found["balances"]:
        yield f"= {each['account']} {each['currency']}: {each['before']} -> {each['after']}"
    yield from (f"! {event['type']}" for event in found["events"])


def _was(pair: Any) -> str:
    return f"{json.dumps(pair['before'])} -> {json.dumps(pair['after'])}"
