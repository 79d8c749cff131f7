"""Checks of import directions against the tables of `layers`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence

from tests.tidy.layers import EVERY_PART, Parts
from tests.tidy.source import Finding, Import, Module, imports


def check_directions(module: Module, parts: Parts) -> Iterator[Finding]:
    """Imports inside the package that the table does not allow, and a module that no part holds."""
    package = module.name.partition(".")[0]
    part = part_of(module.inner, parts)
    if part == "" and module.inner:
        yield module.finding(1, "has no place in the architecture; give it one in tests/tidy/layers.py")
        return
    for item in imports(module):
        top, _, inner = item.target.partition(".")
        if top == package and not _allowed(module.inner, part, inner, parts):
            yield module.finding(item.line, f"{part or '__init__'} may not import {item.target}")


def check_libraries(module: Module, only_in: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Imports of a library outside the parts that may use it; for types alone it may be named anywhere."""
    for item in imports(module):
        parts = only_in.get(_top(item))
        if parts is None or (item.when == "types" and parts):
            continue
        if not any(_fits(part, module.inner) for part in parts):
            yield module.finding(item.line, f"only {', '.join(parts) or 'nothing'} may import {item.target}")


def check_never_in(module: Module, never_in: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Imports of a library that this part must not know."""
    for part, libraries in never_in.items():
        if _fits(part, module.inner):
            for item in imports(module):
                if _top(item) in libraries:
                    yield module.finding(item.line, f"{part} may not import {item.target}")


def check_standard_library_only(module: Module, parts: Sequence[str]) -> Iterator[Finding]:
    """Imports of anything but the standard library and the package itself in these parts."""
    own = module.name.partition(".")[0]
    if not any(_fits(part, module.inner) for part in parts):
        return
    for item in imports(module):
        if _top(item) != own and _top(item) not in sys.stdlib_module_names:
            yield module.finding(item.line, f"uses {item.target}, and may use the standard library only")


def part_of(inner: str, parts: Parts) -> str:
    """The longest part that holds this dotted path; `""` when none but the package itself does."""
    return max((part for part in parts if _fits(part, inner)), key=lambda part: len(_names(part)), default="")


def _allowed(inner: str, part: str, target: str, parts: Parts) -> bool:
    wild = _bound(part, inner)
    if part_of(target, parts) == part and _bound(part, target) == wild:
        return True
    return any(pattern == EVERY_PART or _fits(_same(pattern, wild), target) for pattern in parts[part])


def _same(pattern: str, wild: Sequence[str]) -> str:
    return pattern.replace("=", wild[0]) if wild else pattern


def _bound(part: str, inner: str) -> list[str]:
    return [name for wild, name in zip(_names(part), _names(inner), strict=False) if wild == "*"]


def _fits(part: str, inner: str) -> bool:
    wanted, names = _names(part), _names(inner)
    return len(names) >= len(wanted) and all(w in ("*", n) for w, n in zip(wanted, names, strict=False))


def _names(dotted: str) -> list[str]:
    return dotted.split(".") if dotted else []


def _top(item: Import) -> str:
    return item.target.partition(".")[0]
