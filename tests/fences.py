"""Fenced blocks of a Markdown text, each with the heading that it stands under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

FENCE = re.compile(r"^```(\w*)$")
HEADING = re.compile(r"^#{1,6} (.+)$")
REMARK = re.compile(r"^<!-- (.+) -->$")


@dataclass(frozen=True)
class Block:
    """One fenced block; `remark` is the text of an HTML comment on the line above it."""

    heading: str
    language: str
    text: str
    line: int
    remark: str = ""


def blocks(text: str) -> Iterator[Block]:
    """Every fenced block, in order."""
    heading, remark, fenced = "", "", None
    for number, line in enumerate(text.splitlines(), 1):
        fence = FENCE.match(line)
        if fenced is None and fence:
            fenced = (fence[1], number, list[str]())
        elif fenced is not None and fence:
            language, start, lines = fenced
            yield Block(heading, language, "".join(f"{each}\n" for each in lines), start, remark)
            fenced, remark = None, ""
        elif fenced is not None:
            fenced[2].append(line)
        else:
            remark = found[1] if (found := REMARK.match(line)) else ""
            heading = found[1] if (found := HEADING.match(line)) else heading
