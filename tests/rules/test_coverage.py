"""Every rule is named by a test, or stands on a list that only shrinks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .catalogue import RULES
from .coverage import named_in, unnamed_rules

NOT_YET: frozenset[str] = frozenset()
"""Rules without a test. Take one off when its test exists; never add one."""

_PAGE = Path(__file__).parents[3] / "shared" / "design" / "rules.md"


def test_every_rule_is_named_by_a_test_except_the_listed_ones() -> None:
    assert unnamed_rules() == NOT_YET


def test_a_rule_is_found_in_names_prose_and_ranges() -> None:
    assert {"CR-5", "P2b", "WH-3b"} <= set(named_in("def test_cr5_burns(): # P2b\n def test_wh_3b_x()"))
    assert {"M-1", "M-2", "M-3"} <= set(named_in("rules M-1 to M-3"))
    assert "CR-5" not in set(named_in("scr5ub"))


@pytest.mark.skipif(not _PAGE.exists(), reason="the design page is not beside this checkout")
def test_the_catalogue_lists_exactly_the_rules_of_the_page() -> None:
    on_page = re.findall(r"^- ([A-Z]{1,2}-?\d+b?) ", _PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(on_page) == RULES
