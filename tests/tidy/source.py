"""Source files as the checks see them: a dotted name, the text, the syntax tree and the names it uses."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeGuard

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {"isa_user": ROOT / "src" / "isa_user", "isa_mockserver": ROOT / "mockserver" / "isa_mockserver"}


When = Literal["start", "call", "types"]


@dataclass(frozen=True)
class Import:
    """One imported module or name, by its full dotted path, and the line that imports it.

    `when` says what runs it: importing the module (`start`), calling a function, or a type checker only.
    """

    target: str
    line: int
    when: When = "start"


@dataclass(frozen=True)
class Finding:
    """One broken promise and where it is."""

    where: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.where}:{self.line}: {self.what}"


@dataclass(frozen=True)
class Module:
    """One Python file; `name` is its dotted name, for a package's `__init__` that of the package."""

    name: str
    text: str
    is_package: bool = False

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.name)

    @property
    def inner(self) -> str:
        """The dotted name without its top package; empty for the top package itself."""
        return self.name.partition(".")[2]

    def finding(self, line: int, what: str) -> Finding:
        return Finding(self.name, line, what)


def read_package(package: str) -> list[Module]:
    """Every module of one of our packages, sorted by name."""
    root = PACKAGES[package]
    return sorted((_read(package, root, path) for path in root.rglob("*.py")), key=lambda m: m.name)


def _read(package: str, root: Path, path: Path) -> Module:
    parts = [package, *path.relative_to(root).with_suffix("").parts]
    is_package = parts[-1] == "__init__"
    name = ".".join(parts[:-1] if is_package else parts)
    return Module(name, path.read_text(encoding="utf-8"), is_package)


def imports(module: Module) -> Iterator[Import]:
    """Every import at any depth, relative ones resolved; `from a import b` gives `a.b`."""
    for_types = _import_lines(module.tree, ast.If)
    in_calls = _import_lines(module.tree, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(module.tree):
        if _is_import(node):
            line = node.lineno
            base = f"{_absolute(module, node)}." if isinstance(node, ast.ImportFrom) else ""
            when: When = "types" if line in for_types else "call" if line in in_calls else "start"
            yield from (Import(f"{base}{alias.name}", line, when) for alias in node.names)


def _import_lines(tree: ast.Module, *kinds: type[ast.stmt]) -> set[int]:
    """Lines of the imports inside statements of these kinds; of an `if`, only one on TYPE_CHECKING."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, kinds) and (not isinstance(node, ast.If) or _is_for_types(node)):
            inside = (each for statement in getattr(node, "body", []) for each in ast.walk(statement))
            lines.update(each.lineno for each in inside if _is_import(each))
    return lines


def _is_for_types(node: ast.If) -> bool:
    return ast.unparse(node.test).endswith("TYPE_CHECKING")


def _is_import(node: ast.AST) -> TypeGuard[ast.Import | ast.ImportFrom]:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    kept = parts[: len(parts) - node.level + (1 if module.is_package else 0)]
    return ".".join([*kept, *([node.module] if node.module else [])])


def uses(module: Module) -> Iterator[Import]:
    """Every imported name that the code refers to, written out in full (`t.time` -> `time.time`)."""
    bound = _bindings(module)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute | ast.Name) and (dotted := _dotted(node)):
            head, _, rest = dotted.partition(".")
            if head in bound:
                yield Import(f"{bound[head]}.{rest}" if rest else bound[head], node.lineno)


def _bindings(module: Module) -> dict[str, str]:
    bound: dict[str, str] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                bound[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(module, node)
            bound.update({alias.asname or alias.name: f"{base}.{alias.name}" for alias in node.names})
    return bound


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (head := _dotted(node.value)):
        return f"{head}.{node.attr}"
    return None
