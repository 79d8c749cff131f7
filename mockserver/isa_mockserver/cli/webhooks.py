"""`isa-mockserver webhooks`: who gets events, with which secret, and how they arrived."""

from __future__ import annotations

from typing import Any

import click

from isa_mockserver.webhooks.adversary import TRICKS

from .default import WithDefault
from .output import show
from .remote import Remote, remote_options


@click.group(cls=WithDefault, default="list")
def webhooks() -> None:
    """List, add, remove, rotate or switch webhook endpoints; see deliveries, and redeliver."""


@webhooks.command("list")
@remote_options
def list_endpoints(url: str, token: str | None, as_json: bool) -> None:
    """List the endpoints with their secrets."""
    document = Remote(url, token).call("list_webhooks", query={"secrets": "true"})
    words = [_words(each) for each in document["data"]]
    show(document, as_json=as_json, words="\n".join(words) or "no endpoints; `webhooks add URL` adds one")


@webhooks.command()
@click.argument("target", metavar="URL")
@click.option("--event", "types", multiple=True, metavar="TYPE", help="Only this type; can be repeated.")
@click.option("--secret", metavar="whsec_...", help="Your own secret; without it one is made.")
@click.option("--description", help="A note for people.")
@click.option(
    "--adversary",
    "tricks",
    multiple=True,
    type=click.Choice(list(TRICKS)),
    help="A trick to play on the receiver; can be repeated.",
)
@remote_options
def add(
    target: str,
    types: tuple[str, ...],
    secret: str | None,
    description: str | None,
    tricks: tuple[str, ...],
    url: str,
    token: str | None,
    as_json: bool,
) -> None:
    """Send every event from now on to URL too."""
    chosen = {"events": list(types) or None, "secret": secret, "description": description}
    body = {name: value for name, value in chosen.items() if value is not None}
    made = Remote(url, token).call("add_webhook", body={"url": target, "adversary": list(tricks), **body})
    show(made, as_json=as_json, words=_words(made))


@webhooks.command()
@click.argument("webhook_id")
@remote_options
def remove(webhook_id: str, url: str, token: str | None, as_json: bool) -> None:
    """Send nothing more to an endpoint."""
    Remote(url, token).call("remove_webhook", id=webhook_id)
    show({"webhook_id": webhook_id}, as_json=as_json, words=f"removed {webhook_id}")


@webhooks.command()
@click.argument("webhook_id")
@click.option("--expire-now", is_flag=True, help="End the old secret at once, not after 24 hours.")
@remote_options
def rotate(webhook_id: str, expire_now: bool, url: str, token: str | None, as_json: bool) -> None:
    """Give an endpoint a new secret; the old one signs too for 24 hours."""
    body = {"expire_now": expire_now}
    turned = Remote(url, token).call("rotate_webhook_secret", id=webhook_id, body=body)
    show(turned, as_json=as_json, words=_words(turned))


@webhooks.command()
@click.argument("webhook_id")
@remote_options
def enable(webhook_id: str, url: str, token: str | None, as_json: bool) -> None:
    """Turn an endpoint on again, from the next event on."""
    _switch(webhook_id, True, url, token, as_json)


@webhooks.command()
@click.argument("webhook_id")
@remote_options
def disable(webhook_id: str, url: str, token: str | None, as_json: bool) -> None:
    """Turn an endpoint off."""
    _switch(webhook_id, False, url, token, as_json)


@webhooks.command()
@click.argument("event_id")
@remote_options
def deliveries(event_id: str, url: str, token: str | None, as_json: bool) -> None:
    """Show how an event was delivered: every endpoint, every attempt."""
    document = Remote(url, token).call("list_deliveries", id=event_id)
    words = [line for each in document["data"] for line in _delivery_words(each)]
    show(document, as_json=as_json, words="\n".join(words) or "no endpoint took this event")


@webhooks.command()
@click.argument("event_id")
@click.option("--to", "webhook_id", metavar="WEBHOOK_ID", help="To this endpoint only.")
@remote_options
def redeliver(event_id: str, webhook_id: str | None, url: str, token: str | None, as_json: bool) -> None:
    """Send an event once more, with the same id."""
    body = {} if webhook_id is None else {"webhook_id": webhook_id}
    document = Remote(url, token).call("redeliver_event", id=event_id, body=body)
    to = ", ".join(each["webhook_id"] for each in document["data"])
    show(document, as_json=as_json, words=f"sent once more to {to or 'no endpoint: none takes it'}")


def _switch(webhook_id: str, on: bool, url: str, token: str | None, as_json: bool) -> None:
    changed = Remote(url, token).call("change_webhook", id=webhook_id, body={"enabled": on})
    show(changed, as_json=as_json, words=_words(changed))


def _words(endpoint: Any) -> str:
    state = "" if endpoint["enabled"] else f"  disabled: {endpoint['disabled_reason']}"
    secret = f"  {endpoint['secret']}" if "secret" in endpoint else ""
    return f"{endpoint['webhook_id']}  {endpoint['url']}  {' '.join(endpoint['events'])}{secret}{state}"


def _delivery_words(delivery: Any) -> list[str]:
    following = f", next attempt {delivery['next_attempt']}" if delivery["next_attempt"] else ""
    lines = [f"{delivery['webhook_id']}  {delivery['state']}{following}"]
    for attempt in delivery["attempts"]:
        trick = f"  ({attempt['trick']})" if attempt["trick"] else ""
        latency = "" if attempt["latency_ms"] is None else f"  {attempt['latency_ms']} ms"
        said = ": ".join(str(part) for part in (attempt["status"], attempt["error"]) if part)
        lines.append(f"  {attempt['at']}  {said}{latency}{trick}")
    return lines
