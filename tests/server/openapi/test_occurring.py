"""Every refusal that the documents declare occurs, and nothing occurs that they do not declare."""

from __future__ import annotations

import pytest

from .provoking import doors, shapes, states, wire
from .provoking.recorder import DOCUMENT, OPERATIONS, Recorder, Seen, declared, response_at


@pytest.fixture(scope="module")
def seen() -> Seen:
    """What all provocations together were answered with."""
    seen = Seen()
    for kind in (doors, shapes, states, wire):
        kind.provoke(seen)
    return seen


def test_every_declared_status_and_code_of_every_operation_was_answered(seen: Seen) -> None:
    missing = sorted(map(str, set(declared()) - seen.outcomes))
    assert not missing, "\n".join(missing)


def test_no_operation_answered_what_it_does_not_declare(seen: Seen) -> None:
    undeclared = sorted(map(str, seen.outcomes - set(declared())))
    assert not undeclared, "\n".join(undeclared)


def test_the_headers_of_every_answer_are_those_that_the_document_declares_for_it(seen: Seen) -> None:
    said = {
        (operation.id, int(status)): {name.lower() for name in response_at(operation, int(status))["headers"]}
        for operation in OPERATIONS.values()
        for status in operation.raw["responses"]
    }
    different = {
        place: (sorted(said[place] - seen.headers[place]), sorted(seen.headers[place] - said[place]))
        for place in said
        if said[place] != seen.headers[place]
    }
    assert not different, "\n".join(f"{place}: unseen {a}, unsaid {b}" for place, (a, b) in different.items())


def test_another_method_is_told_the_methods_that_the_document_has_for_the_path() -> None:
    recorder = Recorder(Seen())
    for path, methods in DOCUMENT["paths"].items():
        operation = next(each for each in OPERATIONS.values() if each.path == path)
        answer = recorder.send("TRACE", recorder.path_of(operation), of=operation)
        assert (answer.status, answer.body["code"]) == (405, "method_not_allowed")
        assert answer.headers["allow"] == ", ".join(sorted(method.upper() for method in methods))
