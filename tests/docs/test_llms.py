"""`llms.txt` leads to every page."""

from __future__ import annotations

from scripts import docs_tables
from scripts.tables.llms import llms_text


def test_every_page_is_in_the_map() -> None:
    text = llms_text(docs_tables.DOCS)
    pages = [str(path.relative_to(docs_tables.DOCS)) for path in docs_tables.DOCS.rglob("*.md")]
    assert [page for page in pages if f"]({page})" not in text] == []
