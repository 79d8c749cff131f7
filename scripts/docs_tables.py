"""Writes the documentation's generated tables, or with --check says which are out of date.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`; its rows come from the code.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

from isa_mockserver.kernel.errors import CODES
from isa_mockserver.kernel.events import CATALOGUE
from isa_user._config import PORTS
from isa_user._operations import OPERATIONS
from isa_user._response import status_error
from isa_user._wire import WireResponse
from isa_user.webhooks import KnownEvent

DOCS = Path(__file__).resolve().parents[1] / "docs"
MARKED = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def errors() -> str:
    """Every stable code of the server with its status and the class that the SDK raises for it."""
    rows = sorted((status, code) for code, (status, _) in CODES.items())
    return _table(
        ("code", "status", "raised as"),
        ((f"`{code}`", str(status), f"`{_raised_as(status, code)}`") for status, code in rows),
    )


def operations() -> str:
    """Every call of the SDK with its endpoint and where it is described."""
    return _table(
        ("call", "endpoint", "port", "described under"),
        (
            (
                f"`{row.service.title()}Client.{row.name}`",
                f"`{row.method} {row.path}`",
                str(PORTS[row.service]),
                row.source,
            )
            for row in OPERATIONS
        ),
    )


def events() -> str:
    """Every event with its class in the SDK, what it carries and when the server sends it."""
    classes = {cls.model_fields["type"].default: cls for cls in get_args(KnownEvent)}
    return _table(
        ("type", "class", "`event.data.object`", "when"),
        (
            (f"`{each}`", f"`{classes[each].__name__}`", _carried(classes[each]), CATALOGUE[each].when)
            for each in CATALOGUE
        ),
    )


TABLES: Mapping[str, Callable[[], str]] = {"errors": errors, "operations": operations, "events": events}


def fill(text: str) -> str:
    """The text with every marked table replaced by the one that the code gives."""
    return MARKED.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n{found[3]}", text)


def out_of_date() -> dict[Path, str]:
    """Pages whose tables differ from the code, with the text that they should have."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(DOCS.rglob("*.md"))}
    return {path: fill(text) for path, text in texts.items() if fill(text) != text}


def main(arguments: list[str]) -> int:
    """Writes the tables; with `--check` writes nothing and answers 1 when one is out of date."""
    stale = out_of_date()
    if arguments == ["--check"]:
        for path in stale:
            print(f"{path.name}: its tables are out of date; run scripts/docs_tables.py", file=sys.stderr)
        return 1 if stale else 0
    for path, text in stale.items():
        path.write_text(text, encoding="utf-8")
    return 0


def _carried(event: Any) -> str:
    data = event.model_fields["data"].annotation
    return f"`{data.model_fields['object'].annotation.__name__}`"


def _raised_as(status: int, code: str) -> str:
    body = json.dumps({"detail": code, "code": code}).encode()
    answer = WireResponse(status, [(b"content-type", b"application/problem+json")], body)
    return type(status_error(answer, attempts=1, idempotency_key=None)).__name__


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
