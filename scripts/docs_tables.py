"""Writes the documentation's generated parts, or with --check says which are out of date.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`; its rows come from the code. `docs/llms.txt`
is made from the navigation and each page's first sentences, and `docs/contract.md` is the published page as
tests/contract holds it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from scripts.tables.cards import cards
from scripts.tables.control import control
from scripts.tables.endpoints import endpoints, operations
from scripts.tables.errors import errors
from scripts.tables.events import events, payloads
from scripts.tables.faults import faults
from scripts.tables.llms import llms_text
from scripts.tables.settings import arguments, environment, server_options
from scripts.tables.signatures import signatures

DOCS = Path(__file__).resolve().parents[1] / "docs"
PUBLISHED = DOCS.parent / "tests" / "contract" / "payments.md"
MARKED = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

TABLES: Mapping[str, Callable[[], str]] = {
    "errors": errors,
    "operations": operations,
    "endpoints": endpoints,
    "events": events,
    "payloads": payloads,
    "cards": cards,
    "faults": faults,
    "control": control,
    "environment": environment,
    "arguments": arguments,
    "server_options": server_options,
    "signatures": signatures,
}


def fill(text: str) -> str:
    """The text with every marked table replaced by the one that the code gives."""
    return MARKED.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n{found[3]}", text)


def out_of_date() -> dict[Path, str]:
    """Files that differ from the code, with the text that they should have."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(DOCS.rglob("*.md"))}
    wanted = {path: fill(text) for path, text in texts.items()}
    wanted[DOCS / "contract.md"] = PUBLISHED.read_text(encoding="utf-8")
    index = DOCS / "llms.txt"
    texts[index] = index.read_text(encoding="utf-8") if index.exists() else ""
    wanted[index] = llms_text(DOCS)
    return {path: text for path, text in wanted.items() if text != texts.get(path)}


def main(arguments: list[str]) -> int:
    """Writes the tables; with `--check` writes nothing and answers 1 when one is out of date."""
    stale = out_of_date()
    if arguments == ["--check"]:
        for path in stale:
            print(f"{path.name} is out of date; run python -m scripts.docs_tables", file=sys.stderr)
        return 1 if stale else 0
    for path, text in stale.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
