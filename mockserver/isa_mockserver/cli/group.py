"""`isa-mockserver`: all commands, and `serve` when none is named."""

from __future__ import annotations

from collections.abc import Mapping

import click

from .default import WithDefault
from .late import LateCommands

_MODULES: Mapping[str, str] = {
    "serve": "serve",
    "health": "health",
    "doctor": "doctor",
    "token": "token",
    "users": "users",
    "reset": "state",
    "clock": "clock",
    "state": "state",
    "snapshots": "snapshots",
    "sandboxes": "sandboxes",
    "ledger": "ledger",
    "requests": "requests",
    "faults": "faults",
    "events": "events",
    "trigger": "events",
    "authenticate": "authenticate",
    "webhooks": "webhooks",
    "listen": "listen",
}
"""Command -> the module of this package in which it is; each is loaded when it is used."""


@click.group(
    cls=WithDefault,
    default="serve",
    commands=LateCommands({name: f"isa_mockserver.cli.{module}" for name, module in _MODULES.items()}),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="isa-user", message="isa-mockserver %(version)s")
def cli() -> None:
    """A local, stateful reference server of the isA payment services.

    Without a command it serves; the other commands talk to a running server.
    """
