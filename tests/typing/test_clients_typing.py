"""A user's type checker knows every call, argument and result (SDK page, "Typing")."""

from __future__ import annotations

from pathlib import Path

import pytest

from isa_user._operations import OPERATIONS
from tests.typing.checkers import Checker, copy_of, marked, mypy, pyright

CASES = Path(__file__).with_name("cases")


@pytest.mark.parametrize("name", ["accepted", "refused"])
@pytest.mark.parametrize("check", [mypy, pyright])
def test_a_checker_finds_what_is_wrong_and_nothing_else(name: str, check: Checker, tmp_path: Path) -> None:
    case = copy_of(CASES / f"{name}.txt", tmp_path)
    wanted = marked(case)
    assert bool(wanted) == (name == "refused")
    assert check(case) == wanted


def test_every_call_of_the_sdk_is_among_what_users_write() -> None:
    text = (CASES / "accepted.txt").read_text(encoding="utf-8")
    assert [row.name for row in OPERATIONS if f".{row.name}(" not in text] == []
