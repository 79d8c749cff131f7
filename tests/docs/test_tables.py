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


def test_the_published_page_can_be_read_in_the_repository() -> None:
    """It is the very text that tests/contract holds the code against, not a reference to it."""
    shown = (docs_tables.DOCS / "contract.md").read_bytes()
    assert shown == (docs_tables.DOCS.parent / "tests" / "contract" / "payments.md").read_bytes()


def test_the_clients_page_lists_every_method_with_its_arguments() -> None:
    page = (docs_tables.DOCS / "reference" / "clients.md").read_text(encoding="utf-8")
    assert "await transfer(*, to_user_id: str, amount: int, currency: str, note: str | None = None, " in page
    assert "    get_plans(**options: Unpack[CallOptions]) -> AsyncPager[Plan]" in page
