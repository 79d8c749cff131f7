"""Where the code of functions can be changed: what runs when they are called, not what is only read."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Sentences for people and the documents: tests of them would repeat them word by word.
PROSE = frozenset({"rules", "summary", "description", "detail", "title", "examples", "example"})
_TYPES_ONLY = frozenset({"TypeVar", "ParamSpec", "NewType", "cast"})
_ANNOTATIONS = frozenset({"annotation", "returns"})

Block = list[ast.stmt]


@dataclass(frozen=True)
class Place:
    """A node inside a function, with the lines of its statement; `block` holds the node if it is a statement.

    Of a statement with a body, the lines are those of its head.
    """

    node: ast.AST
    function: str
    first: int
    last: int
    block: Block | None = None


def places(tree: ast.Module) -> Iterator[Place]:
    """Every node in the bodies of functions, in the order of the source: the same for the same source."""
    for name, function in _outermost(tree.body, ()):
        yield from _in_block(function.body, name)


def _outermost(
    body: Sequence[ast.stmt], owner: tuple[str, ...]
) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield ".".join((*owner, node.name)), node
        elif isinstance(node, ast.ClassDef):
            yield from _outermost(node.body, (*owner, node.name))


def _in_block(block: Block, function: str) -> Iterator[Place]:
    for statement in block:
        if not _is_text(statement):
            place = Place(statement, function, *_lines(statement), block)
            yield place
            yield from _below(place)


def _below(place: Place) -> Iterator[Place]:
    """The places under this one; expressions share the lines of their statement."""
    for name, value in ast.iter_fields(place.node):
        if name in _ANNOTATIONS:
            continue
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            yield from _in_block(value, place.function)
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_only_read(place.node, child):
                inner = Place(child, place.function, place.first, place.last)
                yield inner
                yield from _below(inner)


def _lines(statement: ast.stmt) -> tuple[int, int]:
    body = getattr(statement, "body", None)
    if isinstance(body, list):
        return statement.lineno, max(statement.lineno, body[0].lineno - 1)
    return statement.lineno, statement.end_lineno or statement.lineno


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_only_read(parent: ast.AST, node: ast.AST) -> bool:
    """Whether the node is for people, for the type checker or for the layout of a text."""
    if isinstance(parent, ast.JoinedStr):
        return isinstance(node, ast.Constant)
    if isinstance(parent, ast.FormattedValue):
        return node is parent.format_spec
    if isinstance(node, ast.keyword):
        return node.arg in PROSE
    return isinstance(node, ast.Call) and called(node) in _TYPES_ONLY


def called(call: ast.Call) -> str:
    """The bare name of what is called."""
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))
