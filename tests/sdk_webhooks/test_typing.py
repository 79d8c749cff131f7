"""A user's type checker knows each event and each handler's argument (SDK page, "Typing", "Webhooks")."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.typing.checkers import Checker, copy_of, marked, mypy, pyright

CASES = Path(__file__).with_name("typing_cases")


@pytest.mark.parametrize("name", ["accepted", "refused"])
@pytest.mark.parametrize("check", [mypy, pyright])
def test_a_checker_finds_what_is_wrong_and_nothing_else(name: str, check: Checker, tmp_path: Path) -> None:
    case = copy_of(CASES / f"{name}.txt", tmp_path)
    wanted = marked(case)
    assert bool(wanted) == (name == "refused")
    assert check(case) == wanted
