"""`isa-mockserver listen --forward-to URL`: sends events on from this machine, as they happen.

For a server that cannot reach the receiver itself, as from a container; else `webhooks add` does more:
the server then delivers, retries and keeps the record.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from isa_mockserver.kernel.clock import wall_now
from isa_mockserver.kernel.ids import IdSource
from isa_mockserver.webhooks.endpoints import check_url
from isa_mockserver.webhooks.outcome import TIMEOUT_S, Outcome, failure
from isa_mockserver.webhooks.signing import key_of, secret_of, signed_headers

from .events import event_words
from .feed import events_since, last_sequence
from .output import show
from .remote import Remote, remote_options

if TYPE_CHECKING:
    import httpx


@click.command()
@click.option("--forward-to", "target", required=True, metavar="URL", help="Where the receiver listens.")
@click.option("--event", "types", multiple=True, metavar="TYPE", help="Only this type; can be repeated.")
@click.option(
    "--secret",
    envvar="ISA_MOCKSERVER_WEBHOOK_SECRET",
    show_envvar=True,
    metavar="whsec_...",
    help="What signs; without it a secret is made, and printed.",
)
@remote_options
def listen(
    target: str, types: tuple[str, ...], secret: str | None, url: str, token: str | None, as_json: bool
) -> None:
    """Send every event that happens from now on to a receiver on this machine, once, until Ctrl-C."""
    import httpx  # here, for `serve` starts without it

    secret = secret or secret_of(IdSource(0).key("webhook", "listen"))
    key = _checked(target, secret)
    remote = Remote(url, token)
    since = last_sequence(remote)
    words = f"forwarding to {target}, signed with {secret}"
    show({"forward_to": target, "secret": secret}, as_json=as_json, words=words)
    with suppress(KeyboardInterrupt), httpx.Client(timeout=TIMEOUT_S, trust_env=False) as client:
        for event in events_since(remote, since, follow=True):
            if not types or event["type"] in types:
                outcome = _forward(client, target, key, event)
                _tell(event, outcome, as_json)


def _checked(target: str, secret: str) -> bytes:
    try:
        check_url(target)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--forward-to") from None
    try:
        return key_of(secret)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--secret") from None


def _forward(client: httpx.Client, target: str, key: bytes, event: Any) -> Outcome:
    body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    headers = signed_headers([key], event["id"], int(wall_now().timestamp()), body)
    try:
        answer = client.post(target, content=body, headers={"content-type": "application/json", **headers})
    except Exception as error:
        return failure(error)
    return Outcome(status=answer.status_code)


def _tell(event: Any, outcome: Outcome, as_json: bool) -> None:
    told = {"event_id": event["id"], "type": event["type"], "status": outcome.status, "error": outcome.error}
    show(told, as_json=as_json, words=f"{event_words(event)} -> {outcome.error or outcome.status}")
