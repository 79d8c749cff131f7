"""`isa-mockserver authenticate`: play the customer whom the bank asks (3-D Secure)."""

from __future__ import annotations

import click

from .output import show
from .remote import Remote, remote_options


@click.command()
@click.argument("payment_intent_id")
@click.option(
    "--outcome",
    type=click.Choice(["success", "failure"]),
    default="success",
    show_default=True,
    help="What the customer does at the bank.",
)
@remote_options
def authenticate(payment_intent_id: str, outcome: str, url: str, token: str | None, as_json: bool) -> None:
    """Approve or decline a payment that waits for its customer."""
    body = {"outcome": outcome}
    intent = Remote(url, token).call("authenticate_intent", id=payment_intent_id, body=body)
    error = intent["last_payment_error"]
    reason = f": {error['message']}" if error else ""
    show(intent, as_json=as_json, words=f"{intent['payment_intent_id']} is {intent['status']}{reason}")
