"""Page, SDK and server agree about every endpoint, each read from its own source."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from isa_user._config import PORTS
from isa_user._operations import OPERATIONS
from tests.contract.page import Curl, read_page

PAGE = read_page()
DOCUMENTED = [row for row in OPERATIONS if row.documented]


def _fits(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) is not None


def test_every_documented_row_of_the_sdk_is_a_command_of_the_page_and_the_other_way_round() -> None:
    assert Counter(row.source for row in DOCUMENTED) == Counter(curl.heading for curl in PAGE.curls)


@pytest.mark.parametrize("curl", PAGE.curls, ids=lambda curl: curl.heading)
def test_the_row_says_what_the_command_says(curl: Curl) -> None:
    row = next(row for row in DOCUMENTED if row.source == curl.heading)
    assert (row.method, PORTS[row.service]) == (curl.method, curl.port)
    assert _fits(row.path, curl.path)
    assert set(row.required) <= set(curl.body or {})
    assert row.safety == ("read" if curl.method == "GET" else "write")


def test_the_ports_of_the_sdk_are_those_of_the_page() -> None:
    assert {f"{service}_service": port for service, port in PORTS.items()} == PAGE.ports


def test_no_two_rows_share_a_name_in_one_service_or_a_path_with_one_method() -> None:
    names = Counter((row.service, row.name) for row in OPERATIONS)
    paths = Counter((row.method, re.sub(r"\{\w+\}", "{}", row.path)) for row in OPERATIONS)
    assert (max(names.values()), max(paths.values())) == (1, 1)
