"""Draws the README's picture: what a real run of scripts/demo prints, as an SVG that fetches nothing.

Usage: python -m scripts.picture
"""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "assets" / "demo.svg"
COLUMNS = 98
CHARACTER_PX = 8.43  # the advance of the usual monospace fonts at this size
FONT_PX = 14
LINE_PX = 19
TOP_PX = 44
MARGIN_PX = 18

# The first that matches somewhere colours it; what nothing matches keeps the text's colour.
STYLES: Mapping[str, str] = {
    r"^\$ scripts/demo$": "prompt",
    r"^(what happened|-{5}).*$": "faint",
    r"^(The published page|[A-Z][a-z]+) .*\((a?sync), \w+\)$|^The published page.*\)$": "title",
    r"\bcard_declined\b.*$|\binsufficient_(funds|credits)\b": "bad",
    r"\b(succeeded|active|completed|open)\b|^The ledger adds up.*$": "good",
    r"-?\$[\d,]+\.\d\d\b": "money",
}
CSS = """
text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
 font-size: 14px; fill: #c9d1d9; white-space: pre; }
.prompt { fill: #ffffff; font-weight: bold; } .title { fill: #79c0ff; font-weight: bold; }
.faint { fill: #8b949e; } .good { fill: #56d364; } .bad { fill: #ff7b72; } .money { fill: #e3b341; }
"""


def draw(printed: str) -> str:
    """The SVG of a terminal that shows `$ scripts/demo` and below it the text."""
    lines = [short for line in _session(printed) for short in _wrapped(line)]
    width = round(2 * MARGIN_PX + COLUMNS * CHARACTER_PX)
    height = TOP_PX + LINE_PX * len(lines) + MARGIN_PX
    rows = [
        f'<text x="{MARGIN_PX}" y="{TOP_PX + LINE_PX * number}" xml:space="preserve">{_coloured(line)}</text>'
        for number, line in enumerate(lines, 1)
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
            ' aria-label="What scripts/demo prints">',
            f"<style>{CSS}</style>",
            f'<rect width="{width}" height="{height}" rx="10" fill="#161b22"/>',
            *_buttons(),
            *rows,
            "</svg>\n",
        ]
    )


def main() -> int:
    """Runs the demonstration and writes the picture; the run's own exit status where it fails."""
    command = [str(ROOT / "scripts" / "demo")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        print(run.stderr, end="", file=sys.stderr)
        return run.returncode
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(draw(run.stdout), encoding="utf-8")
    return 0


def _session(printed: str) -> Iterator[str]:
    yield "$ scripts/demo"
    yield from (line for line in printed.rstrip("\n").split("\n") if not line.startswith("Installing "))


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(line, COLUMNS, subsequent_indent="  ", drop_whitespace=False) or [""]


def _buttons() -> list[str]:
    colours = ("#ff5f57", "#febc2e", "#28c840")
    return [
        f'<circle cx="{MARGIN_PX + 6 + 20 * index}" cy="22" r="6" fill="{colour}"/>'
        for index, colour in enumerate(colours)
    ]


def _coloured(line: str) -> str:
    if not line:
        return ""
    for pattern, style in STYLES.items():
        if found := re.search(pattern, line):
            before, after = _coloured(line[: found.start()]), _coloured(line[found.end() :])
            return f'{before}<tspan class="{style}">{escape(found[0])}</tspan>{after}'
    return escape(line)


if __name__ == "__main__":
    sys.exit(main())
