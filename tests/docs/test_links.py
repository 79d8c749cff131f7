"""Links between files lead somewhere; those between pages are held by the strict build of the docs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = [*sorted(ROOT.glob("*.md")), ROOT / "examples" / "README.md"]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_the_file_leads_to_a_file(path: Path) -> None:
    targets = LINK.findall(path.read_text(encoding="utf-8"))
    inside = [target for target in targets if not target.startswith(("http://", "https://"))]
    assert [target for target in inside if not (path.parent / target).exists()] == []


def test_the_readme_leads_to_the_guides_and_the_examples() -> None:
    links = LINK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert {"docs/quickstart.md", "docs/guides/testing.md", "examples/README.md"} <= set(links)
