"""Make each ``_sync`` folder from the ``_async`` one beside it: python scripts/sync_twin.py [--check].

Works on tokens, so that names inside strings and comments stay; docstrings are rewritten word by word.
``--check`` writes nothing and fails on drift, on a substitution that nothing uses, and on a file of the
twin that has no source.
"""

from __future__ import annotations

import io
import re
import sys
import tokenize
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = (
    ROOT / "src" / "isa_user",
    ROOT / "mockserver" / "isa_mockserver" / "testing" / "control",
)

NAMES: Mapping[str, str] = {
    "AsyncClient": "Client",
    "AsyncCore": "SyncCore",
    "AsyncPager": "Page",
    "AsyncServiceClient": "SyncServiceClient",
    "AsyncSleep": "SyncSleep",
    "AsyncTransport": "SyncTransport",
    "BillingClient": "SyncBillingClient",
    "CallOptions": "SyncCallOptions",
    "CreditClient": "SyncCreditClient",
    "IsaUser": "SyncIsaUser",
    "MockControl": "SyncMockControl",
    "PaymentClient": "SyncPaymentClient",
    "SubscriptionClient": "SyncSubscriptionClient",
    "TokenSource": "SyncTokenSource",
    "WalletClient": "SyncWalletClient",
    "WriteOptions": "SyncWriteOptions",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "_async": "_sync",
    "aclose": "close",
}
"""Names that differ between the colours; ``async`` and ``await`` are dropped without a row."""

PHRASES: Mapping[str, str] = {
    "async clients": "sync clients",
    "call, on asyncio or trio": "call; thread-safe",
    "The async client of the control API; its sync twin is made from it": (
        "The sync client of the control API"
    ),
}
"""Words of docstrings and ``__all__`` that differ, besides the names above."""

# Shorter names would be wrapped and sorted in other ways; the twin keeps its source's lines.
HEADER = """\
# Made by scripts/sync_twin.py from {source}; change that file instead.
# ruff: noqa: I001, RUF100
# fmt: off
"""
DROPPED = ("async", "await")


class Twin:
    """Rewrites sources and remembers which rows were used."""

    def __init__(self) -> None:
        self.used: set[str] = set()

    def _swap(self, table: Mapping[str, str], word: str) -> str:
        if word in table:
            self.used.add(word)
        return table.get(word, word)

    def rewrite(self, source: str) -> str:
        """The sync form of an async module."""
        pieces: list[str] = []
        position = (1, 0)
        lines = source.splitlines(keepends=True)
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            gap = _between(lines, position, token.start)
            position = token.end
            if token.type == tokenize.NAME and token.string in DROPPED:
                pieces.append(gap)
                position = (token.end[0], token.end[1] + 1)
                continue
            pieces.append(gap + self._token(token))
        return "".join(pieces)

    def _token(self, token: tokenize.TokenInfo) -> str:
        if token.type == tokenize.NAME:
            return self._swap(NAMES, token.string)
        if token.type == tokenize.STRING:
            return self._text(token.string)
        return token.string

    def _text(self, text: str) -> str:
        text = re.sub(r"\bawait |\basync (?=with|for|def)", "", text)
        text = re.sub(r"\b\w+\b", lambda match: self._swap(NAMES, match[0]), text)
        for phrase, replacement in PHRASES.items():
            if phrase in text:
                self.used.add(phrase)
                text = text.replace(phrase, replacement)
        return text

    def unused(self) -> list[str]:
        """Rows that no source needs any more."""
        return sorted({*NAMES, *PHRASES} - self.used)


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    if start >= end:
        return ""
    (first, column), (last, until) = start, end
    if first == last:
        return lines[first - 1][column:until]
    middle = "".join(lines[first : last - 1])
    tail = lines[last - 1][:until] if last <= len(lines) else ""
    return lines[first - 1][column:] + middle + tail


def twins() -> tuple[dict[Path, str], list[str]]:
    """The wanted content of each file of the twin, and the rows that nothing used."""
    twin = Twin()
    wanted: dict[Path, str] = {}
    for package in PACKAGES:
        for source in sorted((package / "_async").glob("*.py")):
            header = HEADER.format(source=f"_async/{source.name}")
            wanted[package / "_sync" / source.name] = header + twin.rewrite(source.read_text())
    return wanted, twin.unused()


def problems(wanted: Mapping[Path, str], unused: list[str]) -> list[str]:
    """What is wrong with the committed twin."""
    found = [f"unused substitution: {row}" for row in unused]
    for path, text in wanted.items():
        if not path.exists() or path.read_text() != text:
            found.append(f"drift: {path.relative_to(ROOT)}; run scripts/sync_twin.py")
    made = {path for package in PACKAGES for path in (package / "_sync").glob("*.py")}
    return found + [f"orphan: {path.relative_to(ROOT)}" for path in sorted(made - set(wanted))]


def main(arguments: list[str]) -> int:
    """Write the twin, or check it; returns the exit status."""
    wanted, unused = twins()
    if "--check" not in arguments:
        for path, text in wanted.items():
            path.write_text(text)
    found = problems(wanted, unused)
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
