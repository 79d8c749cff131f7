"""The documentation's tables are those of the code."""

from __future__ import annotations

from scripts import docs_tables


def test_no_generated_table_is_out_of_date() -> None:
    assert not [path.name for path in docs_tables.out_of_date()]


def test_a_table_that_differs_from_the_code_is_noticed() -> None:
    stale = "<!-- table: errors -->\n| code |\n<!-- end -->"
    filled = docs_tables.fill(stale)
    assert filled != stale
    assert docs_tables.fill(filled) == filled
    assert "| `insufficient_funds` | 402 | `InsufficientFundsError` |" in filled


def test_every_table_is_used_by_a_page() -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in docs_tables.DOCS.rglob("*.md"))
    assert [name for name in docs_tables.TABLES if f"<!-- table: {name} -->" not in pages] == []
