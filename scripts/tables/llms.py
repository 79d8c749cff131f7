"""`llms.txt`: the documentation's map for machines, one line a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

HEAD = """# isa-user

> Typed Python SDK (async and sync) for the isA payment services: payments, wallets, billing, subscriptions
> and credits; with `isa-mockserver`, a stateful local server of the same services for tests and development.
> Install: `pip install "isa-user[mockserver]"`. Amounts are whole minor units. Test without ports:
> `from isa_mockserver.testing import MockServer`.
"""
# `- Title: path.md`, below a section or at the top; the configuration's other lines look different.
ENTRY = re.compile(r"^(?P<indent> +)- (?P<title>[^:]+):(?: (?P<path>\S+\.md))?$")


def llms_text(docs: Path) -> str:
    """The whole file, from the navigation of `mkdocs.yml` beside the folder."""
    lines = [HEAD, "## Start"]
    for section, title, path in _pages(docs.parent / "mkdocs.yml"):
        if path is None:
            lines += ["", f"## {section}"]
            continue
        summary = _summary((docs / path).read_text(encoding="utf-8"))
        lines.append(f"- [{title}]({path})" + (f": {summary}" if summary else ""))
    return "\n".join(lines) + "\n"


def _pages(configuration: Path) -> Iterator[tuple[str, str, str | None]]:
    section = ""
    navigation = configuration.read_text(encoding="utf-8").partition("\nnav:\n")[2]
    for line in navigation.splitlines():
        found = ENTRY.match(line)
        if found is None:
            continue
        if found["path"] is None:
            section = found["title"]
        yield section, found["title"], found["path"]


def _summary(text: str) -> str:
    """The first paragraph that is prose, as one line; its links as their words."""
    for paragraph in text.split("\n\n"):
        if re.match(r"[A-Z`\[]", paragraph) and not paragraph.startswith("```"):
            plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(paragraph.split()))
            return re.split(r"(?<=\.)\s", plain.replace("**", ""))[0]
    return ""
