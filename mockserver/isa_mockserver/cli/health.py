"""`isa-mockserver health`: is the server up? For containers and scripts that wait for it."""

from __future__ import annotations

import click

from .output import show
from .remote import Remote, remote_options


@click.command()
@remote_options
def health(url: str, token: str | None, as_json: bool) -> None:
    """Ask the server how it is; exit 0 when it is healthy, 1 when it is not or cannot be reached."""
    document = Remote(url, token).call("health")
    words = f"{document['service']} {document['version']} is {document['status']}"
    show(document, as_json=as_json, words=words)
    if document["status"] != "healthy":
        raise SystemExit(1)
