"""`isa-mockserver events`: what happened, oldest first; and `trigger`: an example of any event."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import click

from isa_mockserver.kernel.events import CATALOGUE
from isa_mockserver.web.visible import visible

from .feed import events_since
from .output import show
from .remote import Remote, remote_options


@click.command()
@click.option("--type", "type_", metavar="TYPE", help="Only events of this type.")
@click.option("--since", default="0", help="After this sequence number, or from this time on.")
@click.option("--follow", is_flag=True, help="Go on printing events as they happen, until Ctrl-C.")
@remote_options
def events(type_: str | None, since: str, follow: bool, url: str, token: str | None, as_json: bool) -> None:
    """List what happened, oldest first; with --json one document a line."""
    with suppress(KeyboardInterrupt):
        for event in events_since(Remote(url, token), since, type_=type_, follow=follow):
            show(event, as_json=as_json, words=event_words(event))


@click.command()
@click.argument("type_", metavar="TYPE", required=False)
@click.option("--list", "list_types", is_flag=True, help="List the types instead; needs no server.")
@click.option("--user", help="Whose event it is; user_456 without it.")
@click.option(
    "--set", "fields", multiple=True, metavar="FIELD=VALUE", help="A field of the example (VALUE as JSON)."
)
@remote_options
def trigger(
    type_: str | None,
    list_types: bool,
    user: str | None,
    fields: tuple[str, ...],
    url: str,
    token: str | None,
    as_json: bool,
) -> None:
    """Send an example of an event, about something that is stored nowhere."""
    if list_types:
        show({"types": list(CATALOGUE)}, as_json=as_json, words="\n".join(CATALOGUE))
        return
    if type_ is None:
        raise click.UsageError("Name the TYPE of the event; `isa-mockserver trigger --list` shows them.")
    body = {"type": type_, "object": dict(_field(each) for each in fields)}
    if user is not None:
        body["user"] = user
    remote = Remote(url, token)
    event = remote.call("trigger_event", body=body)
    show(event, as_json=as_json, words=event_words(event) + ("" if as_json else _nobody(remote, type_)))


def _nobody(remote: Remote, type_: str) -> str:
    """That an event goes nowhere, which looks like a receiver that does nothing."""
    endpoints = remote.call("list_webhooks")["data"]
    for each in endpoints:
        if each["enabled"] and {"*", type_} & set(each["events"]):
            return ""
    return "\nnobody gets it: no endpoint takes this type; `isa-mockserver webhooks add URL` adds one"


def event_words(event: Any) -> str:
    """An event as one line: number, time, type and what it is about."""
    subject = event["data"]["object"]
    name = next((str(value) for key, value in subject.items() if key.endswith("_id")), "")
    return visible(f"{event['sequence']:>6}  {event['timestamp']}  {event['type']:<32} {name}".rstrip())


def _field(text: str) -> tuple[str, Any]:
    name, separator, value = text.partition("=")
    if not name or not separator:
        raise click.BadParameter(f"{text!r} is not of the form FIELD=VALUE", param_hint="--set")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
