"""The reader leaves nothing of the page out; expected counts come from the raw text, not from the reader."""

from __future__ import annotations

import json
import re

import pytest

from tests.contract.page import PAGE, Curl, Page, read_page

RAW = PAGE.read_text(encoding="utf-8")
PAGE_READ = read_page()
PUBLISHED = PAGE.parents[3] / "shared" / "contract" / "payments.md"


def test_the_copy_is_the_published_page() -> None:
    published = PUBLISHED.read_text(encoding="utf-8") if PUBLISHED.exists() else RAW
    assert published == RAW


def test_every_command_is_read() -> None:
    assert len(PAGE_READ.curls) == RAW.count("curl ") == RAW.count("http://localhost:") - 2 == 19


def test_every_sample_is_read() -> None:
    assert len(PAGE_READ.samples) == RAW.count("```json") == RAW.count("Response:") == 4


def test_every_snippet_is_read() -> None:
    assert len(PAGE_READ.snippets) == RAW.count("```python") == 2


def test_every_table_row_is_read() -> None:
    lines = [line for line in RAW.splitlines() if line.startswith("|")]
    rules = [line for line in lines if re.fullmatch(r"[|-]+", line)]
    rows = sum(len(table.rows) for table in PAGE_READ.tables.values())
    assert (len(PAGE_READ.tables), rows) == (len(rules), len(lines) - 2 * len(rules)) == (4, 18)


def test_every_block_belongs_to_a_kind_that_is_read() -> None:
    blocks = len(PAGE_READ.curls) + len(PAGE_READ.samples) + len(PAGE_READ.snippets)
    assert 2 * blocks == RAW.count("```")


def test_every_command_has_its_own_heading() -> None:
    headings = [curl.heading for curl in PAGE_READ.curls]
    assert len(set(headings)) == len(headings)


@pytest.mark.parametrize("curl", PAGE_READ.curls, ids=lambda curl: curl.heading)
def test_a_command_is_taken_apart_without_loss(curl: Curl) -> None:
    assert f'"{curl.url}"' in RAW
    assert curl.headers["Authorization"] == "Bearer YOUR_JWT_TOKEN"
    assert ("-X POST" in curl.text) == (curl.method == "POST")
    assert ("-d '" in curl.text) == (curl.body is not None)
    assert ("Content-Type" in curl.headers) == (curl.body is not None)
    if curl.body is not None:
        printed = curl.text.split("-d '")[1].rstrip().removesuffix("'")
        assert json.loads(printed) == curl.body


def test_every_command_goes_to_a_documented_port() -> None:
    assert {curl.port for curl in PAGE_READ.curls} == set(PAGE_READ.ports.values())


def test_every_event_type_is_read() -> None:
    assert PAGE_READ.event_types == re.findall(r"^\| `([a-z.]+)` \|", RAW, re.MULTILINE)
    assert len(PAGE_READ.event_types) == 6


def test_a_command_that_is_not_curl_is_refused() -> None:
    with pytest.raises(ValueError, match="not curl"):
        _ = Page("## Odd\n```bash\nwget http://localhost:8207\n```\n").curls
