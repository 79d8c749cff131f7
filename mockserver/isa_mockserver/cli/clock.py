"""`isa-mockserver clock`: show time, move it, stop it."""

from __future__ import annotations

from typing import Any

import click

from isa_mockserver.kernel.clock import format_time
from isa_mockserver.web.moments import moment_of
from isa_mockserver.web.spans import parse_span

from .default import WithDefault
from .output import clock_words, show
from .remote import Remote, remote_options


@click.group(cls=WithDefault, default="show")
def clock() -> None:
    """Show, move, freeze or unfreeze the server's clock."""


@clock.command("show")
@remote_options
def show_clock(url: str, token: str | None, as_json: bool) -> None:
    """Show the time, and whether it stands still."""
    document = Remote(url, token).call("get_clock")
    show(document, as_json=as_json, words=clock_words(document))


@clock.command()
@click.argument("span")
@remote_options
def advance(span: str, url: str, token: str | None, as_json: bool) -> None:
    """Move time on by SPAN (90, 12h, 31d, P1M) and run what falls due."""
    try:
        by = parse_span(span)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="SPAN") from None
    _move({"advance": by}, url, token, as_json)


@clock.command("set")
@click.argument("time")
@remote_options
def set_clock(time: str, url: str, token: str | None, as_json: bool) -> None:
    """Move to TIME (RFC 3339 or a date, never back), freeze there, and run what falls due."""
    try:
        moment = moment_of(time)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="TIME") from None
    _move({"to": format_time(moment)}, url, token, as_json)


@clock.command()
@remote_options
def freeze(url: str, token: str | None, as_json: bool) -> None:
    """Stop time where it is."""
    _move({"freeze": True}, url, token, as_json)


@clock.command()
@remote_options
def unfreeze(url: str, token: str | None, as_json: bool) -> None:
    """Let time tick on from where it is."""
    _move({"unfreeze": True}, url, token, as_json)


def _move(move: dict[str, Any], url: str, token: str | None, as_json: bool) -> None:
    remote = Remote(url, token)
    document = remote.call("move_clock", body=move)
    ran = [f"{job['due']}  {job['kind']:<22}  {job['id']}" for job in document["ran"]]
    off = [] if as_json else _switched_off(remote)
    show(document, as_json=as_json, words="\n".join([*ran, clock_words(document), *off]))


def _switched_off(remote: Remote) -> list[str]:
    """What will not be told to anybody: who moves time waits for events, and should hear that none come."""
    endpoints = remote.call("list_webhooks")["data"]
    return [
        f"no events go to {each['url']}: {each['disabled_reason']}; "
        f"`isa-mockserver webhooks enable {each['webhook_id']}` turns it on"
        for each in endpoints
        if not each["enabled"]
    ]
