"""What commands print: sentences for people, or JSON for programs."""

from __future__ import annotations

import json
from typing import Any

import click


def show(document: Any, *, as_json: bool, words: str) -> None:
    """Print the document, or the words that say the same."""
    click.echo(json.dumps(document, ensure_ascii=False) if as_json else words)


def clock_words(document: Any) -> str:
    """A clock as one line."""
    return f"{document['now']} ({'frozen' if document['frozen'] else 'ticking'})"
