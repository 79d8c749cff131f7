"""Runs a piece of Python with top-level `await`, as a notebook does."""

from __future__ import annotations

import ast
import builtins
import inspect
from types import CodeType, FunctionType
from typing import Any


def compile_snippet(text: str, name: str) -> CodeType:
    """Compiles the text; `name` is what a traceback shows for it."""
    code: CodeType = compile(text, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    return code


async def run_snippet(text: str, namespace: dict[str, Any], *, name: str = "<snippet>") -> None:
    """Runs the text in the namespace, which keeps what it defines; what it raises passes through."""
    # As `exec` does: a function looks for the built-in names there, a comprehension within it too.
    namespace.setdefault("__builtins__", builtins)
    outcome = FunctionType(compile_snippet(text, name), namespace)()
    if inspect.isawaitable(outcome):
        await outcome
