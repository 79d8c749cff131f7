"""`isa-mockserver`: all commands, and `serve` when none is named."""

from __future__ import annotations

import click

from .authenticate import authenticate
from .clock import clock
from .default import WithDefault
from .doctor import doctor
from .events import events, trigger
from .faults import faults
from .health import health
from .ledger import ledger
from .listen import listen
from .requests import requests
from .sandboxes import sandboxes
from .serve import serve
from .snapshots import snapshots
from .state import reset, state
from .token import token
from .users import users
from .webhooks import webhooks


@click.group(cls=WithDefault, default="serve", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="isa-user", message="isa-mockserver %(version)s")
def cli() -> None:
    """A local, stateful reference server of the isA payment services.

    Without a command it serves; the other commands talk to a running server.
    """


for command in (
    serve,
    health,
    doctor,
    token,
    users,
    reset,
    clock,
    state,
    snapshots,
    sandboxes,
    ledger,
    requests,
    faults,
    events,
    trigger,
    authenticate,
    webhooks,
    listen,
):
    cli.add_command(command)
