"""Every mutant of a module, and its tree."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.mutation.changes import changes
from scripts.mutation.places import places


@dataclass(frozen=True)
class Mutant:
    """One change of one file: where, what, and the lines whose tests can notice it.

    `place` and `change` number it among the places of the file and the changes of the place.
    """

    path: str
    line: int
    function: str
    text: str
    first: int
    last: int
    place: int
    change: int

    @property
    def name(self) -> str:
        """What tells it from every other mutant of the same source."""
        return f"{self.where}:{self.place}:{self.change}"

    @property
    def where(self) -> str:
        """File and line, the file as seen from the working directory if it is in there."""
        path, here = Path(self.path), Path.cwd()
        return f"{path.relative_to(here) if path.is_relative_to(here) else path}:{self.line}"


def mutants(path: str, source: str) -> Iterator[Mutant]:
    """The mutants of a file's functions, in the order of the source."""
    for number, place in enumerate(places(ast.parse(source))):
        line = getattr(place.node, "lineno", place.first)
        for index, change in enumerate(changes(place)):
            yield Mutant(path, line, place.function, change.text, place.first, place.last, number, index)


def mutated(mutant: Mutant, source: str) -> ast.Module:
    """The tree of the source with the one change in it."""
    tree = ast.parse(source)
    place = list(places(tree))[mutant.place]
    list(changes(place))[mutant.change].make()
    return ast.fix_missing_locations(tree)


def sampled(every: Iterable[Mutant], share: float, seed: int) -> Iterator[Mutant]:
    """About this share of them, from 0 to 1: the same for the same seed, however the others change."""
    for mutant in every:
        drawn = hashlib.sha256(f"{seed}:{mutant.name}".encode()).digest()[:4]
        if int.from_bytes(drawn) < share * 2**32:
            yield mutant
