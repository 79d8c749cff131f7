"""What commands print: sentences for people, or JSON for programs."""

from __future__ import annotations

from typing import Any

import click

from isa_mockserver.web.visible import json_line, visible


def show(document: Any, *, as_json: bool, words: str) -> None:
    """Print the document, or the words that say the same."""
    click.echo(json_line(document) if as_json else "\n".join(map(visible, words.split("\n"))))


def clock_words(document: Any) -> str:
    """A clock as one line."""
    return f"{document['now']} ({'frozen' if document['frozen'] else 'ticking'})"
