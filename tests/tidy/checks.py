"""Checks of one module each: banned calls, suspension, floats, sizes, docstrings, `__all__`, paths."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from tests.tidy.source import Finding, Module, uses

HIDDEN_INPUTS = (
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.monotonic",
    "time.monotonic_ns",
    "time.perf_counter",
    "time.perf_counter_ns",
    "time.sleep",
    "random",
    "secrets",
    "uuid.uuid1",
    "uuid.uuid4",
    "os.urandom",
)
SUSPENSIONS = {
    ast.Await: "await",
    ast.AsyncFunctionDef: "async def",
    ast.AsyncFor: "async for",
    ast.AsyncWith: "async with",
}
MACHINE_PATH = re.compile(r"(^|[\s\"'=:])(/(home|root|work|Users|tmp|opt|mnt)/|\.{1,2}/|[A-Z]:\\)")
MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 60


def check_hidden_inputs(module: Module, banned: Sequence[str] = HIDDEN_INPUTS) -> Iterator[Finding]:
    """Clock and randomness that are not handed in (architecture, decision 6)."""
    for item in uses(module):
        if any(item.target == name or item.target.startswith(f"{name}.") for name in banned):
            yield module.finding(item.line, f"uses {item.target}; the clock and ids are handed in")


def check_never_suspends(module: Module) -> Iterator[Finding]:
    """Anything that suspends (architecture, decision 3)."""
    for node in ast.walk(module.tree):
        if word := SUSPENSIONS.get(type(node)):
            yield module.finding(getattr(node, "lineno", 1), f"has `{word}`; the core never suspends")


def check_whole_numbers(module: Module) -> Iterator[Finding]:
    """Floats and true division in code that reckons with money (rules M-1, M-8)."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield module.finding(node.lineno, f"float {node.value!r} in money code")
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            yield module.finding(node.lineno, "true division in money code")
        elif isinstance(node, ast.Name) and node.id in {"float", "round"}:
            yield module.finding(node.lineno, f"`{node.id}` in money code")


def check_sizes(module: Module) -> Iterator[Finding]:
    """Files and functions that are longer than a reader holds in mind."""
    lines = len(module.text.splitlines())
    if lines > MAX_FILE_LINES:
        yield module.finding(1, f"{lines} lines, more than {MAX_FILE_LINES}")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION_LINES:
                yield module.finding(
                    node.lineno, f"{node.name} has {length} lines, more than {MAX_FUNCTION_LINES}"
                )


def check_docstring(module: Module) -> Iterator[Finding]:
    """A module without a docstring."""
    if not ast.get_docstring(module.tree):
        yield module.finding(1, "has no module docstring")


def check_paths(module: Module) -> Iterator[Finding]:
    """Strings that are a path of one machine or depend on the working directory."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and MACHINE_PATH.search(node.value):
            yield module.finding(node.lineno, f"has the path {node.value.strip()[:60]!r}")


def check_all(module: Module) -> Iterator[Finding]:
    """A list of public names that is unsorted, incomplete, or names what the module does not have."""
    listed = _listed(module.tree)
    if listed is None:
        return
    line, names = listed
    if names != sorted(names, key=_sort_key):
        yield module.finding(line, "__all__ is not sorted")
    bound = _bound_names(module)
    for name in sorted(bound.public - set(names)):
        yield module.finding(line, f"__all__ lacks {name}")
    for name in sorted(set(names) - bound.every):
        yield module.finding(line, f"__all__ names {name}, which the module does not have")


def _sort_key(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest: the order that the linter keeps."""
    bare = name.strip("_")
    rank = 0 if name.isupper() and len(bare) > 1 else 1 if bare[:1].isupper() else 2
    return rank, name


def _listed(tree: ast.Module) -> tuple[int, list[str]] | None:
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(t, ast.Name) and t.id == "__all__" for t in targets):
            value = getattr(node, "value", None)
            if isinstance(value, ast.List | ast.Tuple):
                return node.lineno, [str(ast.literal_eval(element)) for element in value.elts]
    return None


class _Names:
    """Names that a module binds at its top level.

    Public are its classes and functions, and what a package's `__init__` imports from us.
    """

    def __init__(self) -> None:
        self.every: set[str] = set()
        self.public: set[str] = set()

    def add(self, name: str, *, public: bool) -> None:
        self.every.add(name)
        if public and not name.startswith("_"):
            self.public.add(name)


def _bound_names(module: Module) -> _Names:
    found = _Names()
    for node in _top_level(module.tree.body):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name, public=True)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                found.add(alias.asname or alias.name, public=module.is_package and _is_ours(node))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    found.add(target.id, public=False)
    return found


def _is_ours(node: ast.Import | ast.ImportFrom) -> bool:
    return isinstance(node, ast.ImportFrom) and (node.level > 0 or (node.module or "").startswith("isa_"))


def _top_level(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If):
            yield from _top_level(node.body)
            yield from _top_level(node.orelse)
        else:
            yield node
