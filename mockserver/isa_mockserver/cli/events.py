"""`isa-mockserver events`: what happened, oldest first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from threading import Event
from typing import Any

import click

from .remote import Remote, remote_options

_PAGE = "1000"
_POLL_S = 0.5


@click.command()
@click.option("--type", "type_", metavar="TYPE", help="Only events of this type.")
@click.option("--since", default="0", help="After this sequence number, or from this time on.")
@click.option("--follow", is_flag=True, help="Go on printing events as they happen, until Ctrl-C.")
@remote_options
def events(type_: str | None, since: str, follow: bool, url: str, token: str | None, as_json: bool) -> None:
    """List what happened, oldest first; with --json one document a line."""
    remote = Remote(url, token)
    with suppress(KeyboardInterrupt):
        for event in _listed(remote, type_, since, follow):
            click.echo(json.dumps(event, ensure_ascii=False) if as_json else _words(event))


def _listed(remote: Remote, type_: str | None, since: str, follow: bool) -> Iterator[Any]:
    chosen = {} if type_ is None else {"type": type_}
    while True:
        page = remote.call("GET", "/_mock/events", params={**chosen, "since": since, "limit": _PAGE})
        yield from page["data"]
        since = str(page["next_since"])
        if not page["has_more"]:
            if not follow:
                return
            Event().wait(_POLL_S)


def _words(event: Any) -> str:
    subject = event["data"]["object"]
    name = next((str(value) for key, value in subject.items() if key.endswith("_id")), "")
    return f"{event['sequence']:>6}  {event['timestamp']}  {event['type']:<32} {name}".rstrip()
