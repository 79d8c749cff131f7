"""`isa-mockserver users`: who is known."""

from __future__ import annotations

import click

from .default import WithDefault
from .output import show
from .remote import Remote, remote_options


@click.group(cls=WithDefault, default="list")
def users() -> None:
    """List the users that the server knows, or make one known."""


@users.command("list")
@remote_options
def list_users(url: str, token: str | None, as_json: bool) -> None:
    """List everyone who ever authenticated or was made known."""
    document = Remote(url, token).call("list_users")
    words = [f"{user['user_id']:<32}  since {user['created_at']}" for user in document["data"]]
    show(document, as_json=as_json, words="\n".join(words) or "nobody is known yet")


@users.command()
@click.argument("user")
@remote_options
def add(user: str, url: str, token: str | None, as_json: bool) -> None:
    """Make USER known, as their first request would."""
    document = Remote(url, token).call("make_user", body={"user_id": user})
    show(document, as_json=as_json, words=f"{document['user_id']} is known since {document['created_at']}")
