"""`isa-mockserver doctor`: what is installed, which ports are free, what answers at the configured URLs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from .output import show
from .remote import remote_options

if TYPE_CHECKING:
    from .checkup import Check, Level


@click.command()
@remote_options
def doctor(url: str, token: str | None, as_json: bool) -> None:
    """Look at versions, ports, the configured service URLs and the clock; exit 1 if there is a problem."""
    from .checkup import examine  # here, for the server is loaded with it

    checks = examine(url, token)
    document = {"ok": all(check.level != "problem" for check in checks), "checks": [*map(asdict, checks)]}
    show(document, as_json=as_json, words="\n".join(map(_words, checks)))
    if not document["ok"]:
        raise SystemExit(1)


def _words(check: Check) -> str:
    marks: Mapping[Level, str] = {"ok": "  ok     ", "note": "  note   ", "problem": "PROBLEM  "}
    return f"{marks[check.level]}{check.name:<28}{check.words}"
