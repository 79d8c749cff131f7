"""Pure reader of the published page: commands, samples, tables and snippets, each with its heading."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.fences import HEADING, Block, blocks

PAGE = Path(__file__).with_name("payments.md")


@dataclass(frozen=True)
class Curl:
    """One command of the page, as printed in `text` and taken apart in the other fields."""

    heading: str
    text: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: Any

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 80

    @property
    def path(self) -> str:
        return urlsplit(self.url).path


@dataclass(frozen=True)
class Sample:
    """One printed response."""

    heading: str
    value: dict[str, Any]


@dataclass(frozen=True)
class Table:
    """One table: its heading, its column names, its rows."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Snippet:
    """One Python block."""

    heading: str
    text: str


@dataclass(frozen=True)
class Page:
    """Everything on the page that can be held against the code."""

    text: str

    @cached_property
    def curls(self) -> list[Curl]:
        return [_curl(block) for block in self._of("bash")]

    @cached_property
    def samples(self) -> list[Sample]:
        return [Sample(block.heading, json.loads(block.text)) for block in self._of("json")]

    @cached_property
    def snippets(self) -> list[Snippet]:
        return [Snippet(block.heading, block.text) for block in self._of("python")]

    @cached_property
    def tables(self) -> dict[str, Table]:
        return {table.heading: table for table in _tables(self.text)}

    @property
    def event_types(self) -> list[str]:
        return [row[0].strip("`") for row in self.tables["Event Types"].rows]

    @property
    def ports(self) -> dict[str, int]:
        """Port by service, `payment_service` and so on."""
        return {row[0]: int(row[1]) for row in self.tables["Overview"].rows}

    def curl(self, heading: str) -> Curl:
        return next(curl for curl in self.curls if curl.heading == heading)

    def sample(self, heading: str) -> dict[str, Any]:
        return next(sample.value for sample in self.samples if sample.heading == heading)

    def snippet(self, heading: str) -> str:
        return next(snippet.text for snippet in self.snippets if snippet.heading == heading)

    def _of(self, language: str) -> list[Block]:
        return [block for block in blocks(self.text) if block.language == language]


def read_page() -> Page:
    """The copy of the published page that these tests hold the code against."""
    return Page(PAGE.read_text(encoding="utf-8"))


def _tables(text: str) -> Iterator[Table]:
    heading, rows = "", list[tuple[str, ...]]()
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            rows.append(tuple(cell.strip() for cell in line.strip("|").split("|")))
        elif rows:
            yield Table(heading, rows[0], tuple(rows[2:]))
            rows = []
        if title := HEADING.match(line):
            heading = title[1]


def _curl(block: Block) -> Curl:
    words = iter(shlex.split(block.text.replace("\\\n", " "), comments=True))
    if next(words) != "curl":
        raise ValueError(f"under {block.heading!r} stands a command that is not curl")
    method, url, headers, data = None, "", dict[str, str](), None
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(":")
            headers[name] = value.strip()
        elif word == "-d":
            data = next(words)
        else:
            url = word
    method = method or ("GET" if data is None else "POST")
    return Curl(block.heading, block.text, method, url, headers, None if data is None else json.loads(data))
