"""The README's picture shows what was printed, and nothing else has to be fetched for it."""

from __future__ import annotations

from xml.etree import ElementTree

from scripts import picture

PRINTED = "It runs.\n\nWallet (sync, user_ada)\na <b> & c   transfer   insufficient_funds   -$10.00\n"


def _text(svg: str) -> list[str]:
    rows = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return ["".join(row.itertext()) for row in rows]


def test_the_picture_shows_every_line_unchanged() -> None:
    assert _text(picture.draw(PRINTED)) == ["$ scripts/demo", *PRINTED.rstrip("\n").split("\n")]


def test_a_line_that_is_too_long_is_wrapped_and_not_cut() -> None:
    words = " ".join(f"word{number:02}" for number in range(30))
    shown = _text(picture.draw(words))[1:]
    assert all(len(line) <= picture.COLUMNS for line in shown)
    assert " ".join(" ".join(shown).split()) == words


def test_the_committed_picture_is_of_a_whole_run_and_fetches_nothing() -> None:
    svg = picture.PICTURE.read_text(encoding="utf-8")
    shown = _text(svg)
    assert shown[0] == "$ scripts/demo"
    assert shown[-1] == "The server has stopped. Your own first program: docs/quickstart.md"
    assert "url(" not in svg
    assert svg.count("http") == svg.count("http://www.w3.org/2000/svg")
