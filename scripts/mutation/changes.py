"""How a place can be changed: comparisons, conditions, sums, values, results, arguments, statements."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from scripts.mutation.places import PROSE, Place

_TURNED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_RECKONED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.BitXor: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_CALLED = {"min": "max", "max": "min", "any": "all", "all": "any"}
# A string that a program reads: a code, a name of a field. Anything with a space in it is a sentence.
_CODE = re.compile(r"^[A-Za-z][\w.:\-]*$")
_SHOWN = 80

_T = TypeVar("_T")


@dataclass(frozen=True)
class Change:
    """What is changed, in words, and what changes it in the tree that it was found in."""

    text: str
    make: Callable[[], None]


def changes(place: Place) -> Iterator[Change]:
    """Every change of this place, in an order that stays the same for the same source."""
    for kinds, operator in _OPERATORS:
        if isinstance(place.node, kinds):
            yield from operator(place)


def _compared(place: Place) -> Iterator[Change]:
    node = place.node
    assert isinstance(node, ast.Compare)
    for index, old in enumerate(node.ops):
        for new in _TURNED[type(old)]:
            words = f"{type(old).__name__} -> {new.__name__}: {_shown(node)}"
            yield Change(words, _putting(node.ops, index, new()))


def _reckoned(place: Place) -> Iterator[Change]:
    node = place.node
    assert isinstance(node, ast.BinOp | ast.AugAssign)
    if new := _RECKONED.get(type(node.op)):
        words = f"{type(node.op).__name__} -> {new.__name__}: {_shown(node)}"
        yield Change(words, _setting(node, "op", new()))


def _joined(place: Place) -> Iterator[Change]:
    node = place.node
    assert isinstance(node, ast.BoolOp)
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield Change(f"and <-> or: {_shown(node)}", _setting(node, "op", other))
    yield from _each_negated(node.values)


def _signed(place: Place) -> Iterator[Change]:
    node = place.node
    assert isinstance(node, ast.UnaryOp)
    if isinstance(node.op, ast.Not):
        yield Change(f"drop not: {_shown(node)}", _setting(node, "operand", _negated(node.operand)))
    elif isinstance(node.op, ast.USub):
        yield Change(f"drop minus: {_shown(node)}", _setting(node, "op", ast.UAdd()))


def _valued(place: Place) -> Iterator[Change]:
    node = place.node
    assert isinstance(node, ast.Constant)
    for new in _others(node.value):
        yield Change(f"{node.value!r} -> {new!r}", _setting(node, "value", new))


def _others(value: object) -> tuple[bool | int | str, ...]:
    match value:
        case bool():
            return (not value,)
        case int():
            return (value + 1, value - 1)
        case str() if _CODE.match(value):
            return (f"{value}_x",)
        case _:
            return ()


def _returned(place: Place) -> Iterator[Change]:
    node = place.node
    assert isinstance(node, ast.Return)
    if node.value is not None and not isinstance(node.value, ast.Constant):
        nothing = ast.copy_location(ast.Constant(None), node)
        yield Change(f"return None: {_shown(node)}", _setting(node, "value", nothing))


def _called(place: Place) -> Iterator[Change]:
    node = place.node
    assert isinstance(node, ast.Call)
    for index, keyword in enumerate(node.keywords):
        if keyword.arg and keyword.arg not in PROSE:
            yield Change(f"drop {keyword.arg}=: {_shown(node)}", _removing(node.keywords, index))
    if isinstance(node.func, ast.Name) and (new := _CALLED.get(node.func.id)):
        yield Change(f"{node.func.id} -> {new}: {_shown(node)}", _setting(node.func, "id", new))


def _tested(place: Place) -> Iterator[Change]:
    node = place.node
    assert isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert)
    if _is_atom(node.test):
        yield Change(f"negate: {_shown(node.test)}", _setting(node, "test", _negated(node.test)))


def _filtered(place: Place) -> Iterator[Change]:
    assert isinstance(place.node, ast.comprehension)
    yield from _each_negated(place.node.ifs)


def _stated(place: Place) -> Iterator[Change]:
    node, block = place.node, place.block
    assert isinstance(node, ast.stmt)
    assert block is not None
    index = block.index(node)
    if _is_removable(node):
        nothing = ast.copy_location(ast.Pass(), node)
        yield Change(f"remove: {_shown(node)}", _putting(block, index, nothing))
    if isinstance(node, ast.AugAssign):
        plain = ast.copy_location(ast.Assign([node.target], node.value), node)
        yield Change(f"augmented -> plain: {_shown(node)}", _putting(block, index, plain))


def _is_removable(node: ast.stmt) -> bool:
    """A statement without which the function still runs; the assignment to a local name is not one."""
    if isinstance(node, ast.Assign):
        return isinstance(node.targets[0], ast.Attribute | ast.Subscript)
    return isinstance(node, ast.Expr | ast.AugAssign | ast.Raise | ast.Continue | ast.Break | ast.Delete)


def _each_negated(tests: list[ast.expr]) -> Iterator[Change]:
    for index, test in enumerate(tests):
        if _is_atom(test):
            yield Change(f"negate: {_shown(test)}", _putting(tests, index, _negated(test)))


def _is_atom(test: ast.expr) -> bool:
    """Whether nothing else changes this condition already."""
    is_not = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    return not (is_not or isinstance(test, ast.Compare | ast.BoolOp))


def _negated(node: ast.expr) -> ast.expr:
    return ast.copy_location(ast.UnaryOp(ast.Not(), node), node)


def _setting(owner: ast.AST, name: str, value: object) -> Callable[[], None]:
    return lambda: setattr(owner, name, value)


def _putting(values: list[_T], index: int, value: _T) -> Callable[[], None]:
    return lambda: values.__setitem__(index, value)


def _removing(values: list[ast.keyword], index: int) -> Callable[[], None]:
    return lambda: values.__delitem__(index)


def _shown(node: ast.AST) -> str:
    return ast.unparse(node)[:_SHOWN]


_Kinds = type[ast.AST] | tuple[type[ast.AST], ...]
_OPERATORS: tuple[tuple[_Kinds, Callable[[Place], Iterator[Change]]], ...] = (
    (ast.Compare, _compared),
    ((ast.BinOp, ast.AugAssign), _reckoned),
    (ast.BoolOp, _joined),
    (ast.UnaryOp, _signed),
    (ast.Constant, _valued),
    (ast.Return, _returned),
    (ast.Call, _called),
    ((ast.If, ast.While, ast.IfExp, ast.Assert), _tested),
    (ast.comprehension, _filtered),
    (ast.stmt, _stated),
)
