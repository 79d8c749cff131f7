"""`isa-mockserver sandboxes`: isolated Worlds in one server."""

from __future__ import annotations

from typing import Any

import click

from .default import WithDefault
from .output import clock_words, show
from .remote import Remote, remote_options


@click.group(cls=WithDefault, default="list")
def sandboxes() -> None:
    """List, add or drop sandboxes; other commands go to one with --sandbox NAME."""


@sandboxes.command("list")
@remote_options
def list_sandboxes(url: str, token: str | None, as_json: bool) -> None:
    """List every sandbox, the default one first."""
    document = Remote(url, token).call("list_sandboxes")
    show(document, as_json=as_json, words="\n".join(map(_words, document["data"])))


@sandboxes.command()
@click.argument("name")
@click.option("--seed", type=click.Choice(["none", "demo", "server"]), help="What is there at first.")
@click.option("--clock", metavar="TIME", help="Where its frozen clock stands.")
@remote_options
def add(name: str, seed: str | None, clock: str | None, url: str, token: str | None, as_json: bool) -> None:
    """Make the sandbox NAME; a request that names it would make it too."""
    chosen = {"seed": seed, "clock": clock}
    body = {"name": name, **{key: value for key, value in chosen.items() if value is not None}}
    made = Remote(url, token).call("make_sandbox", body=body)
    show(made, as_json=as_json, words=_words(made))


@sandboxes.command()
@click.argument("name", required=False)
@click.option("--all", "every", is_flag=True, help="Every sandbox but the default one.")
@remote_options
def drop(name: str | None, every: bool, url: str, token: str | None, as_json: bool) -> None:
    """Forget the sandbox NAME and all it holds."""
    if (name is None) != every:
        raise click.UsageError("Name one sandbox, or give --all.")
    if name is None:
        document = Remote(url, token).call("drop_sandboxes")
        show(document, as_json=as_json, words=f"dropped {document['dropped']} sandboxes")
    else:
        Remote(url, token).call("drop_sandbox", name=name)
        show({"name": name}, as_json=as_json, words=f"dropped {name}")


def _words(box: Any) -> str:
    return f"{box['name']:<24} {clock_words(box['clock'])}, {box['users']} users, {box['events']} events"
