"""`scripts/soak`: what it prints, when it fails, and how it shortens what failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from scripts import soak
from tests.properties import walk
from tests.properties.town import Step, Town


def _never_two_deposits(town: Town) -> Iterator[str]:
    if len(town.rows("wallet_entries")) > 1:
        yield "invariant 99, never_two_deposits: there are two"


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A law that the server cannot keep."""
    monkeypatch.setattr(walk, "violations", lambda town: list(_never_two_deposits(town)))


def test_a_sound_run_says_what_it_did_and_exits_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert soak.main(["--minutes", "0", "--seed", "7", "--steps", "5"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("soak: seed 7, 5 steps a walk\n1 walks, 5 steps in ")
    assert "no violation" in said


def test_a_seed_gives_the_same_walk_again() -> None:
    first, again = soak.Tally(), soak.Tally()
    assert soak.walked(7, 3, 20, first) is None
    assert soak.walked(7, 3, 20, again) is None
    assert first.kinds == again.kinds
    assert first.steps == 20


@pytest.mark.usefixtures("broken")
def test_a_violation_is_printed_with_the_way_to_repeat_it_and_exits_1(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert soak.main(["--minutes", "1", "--seed", "7", "--steps", "200"]) == 1
    said = capsys.readouterr().out
    assert "invariant 99, never_two_deposits: there are two" in said
    assert "again: scripts/soak --seed 7 --walk 0 --steps 200" in said


@pytest.mark.usefixtures("broken")
def test_one_walk_of_a_seed_is_repeated_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert soak.main(["--seed", "7", "--walk", "0", "--steps", "200"]) == 1
    assert "1 walks, " in capsys.readouterr().out


def test_what_only_the_end_of_a_walk_shows_is_shortened_to_what_shows_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def at_the_end(town: Town) -> list[str]:
        deposits = list(_never_two_deposits(town))
        return deposits if town.chronicle.listings else []

    monkeypatch.setattr(walk, "violations", at_the_end)
    assert soak.main(["--seed", "7", "--walk", "0", "--steps", "60"]) == 1
    said = capsys.readouterr().out
    assert "broke an invariant at the end: invariant 99" in said
    shown = said.partition("shortened to ")[2]
    assert 1 <= int(shown.partition(" ")[0]) < 60
    assert "'deposit'" in shown or "'transfer'" in shown


def test_an_error_of_the_server_itself_is_a_violation(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(town: Town) -> list[str]:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(walk, "violations", fail)
    words, taken = soak.broken_by([Step("deposit", "alice", 1, 1), Step("wait", "alice", 1, 1)])
    assert taken == 1
    assert words.endswith("ZeroDivisionError: by zero")


def test_a_script_is_shortened_to_the_steps_that_matter() -> None:
    script = [Step("wait", "alice", number, 0) for number in range(30)]

    def breaks(steps: Sequence[Step]) -> bool:
        return {4, 21} <= {step.n for step in steps}

    assert [step.n for step in soak.shortened(script, breaks, limit_s=60)] == [4, 21]


def test_shortening_ends_with_its_time() -> None:
    script = [Step("wait", "alice", number, 0) for number in range(30)]
    assert soak.shortened(script, lambda _: True, limit_s=0) == script
