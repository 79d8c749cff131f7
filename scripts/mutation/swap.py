"""A mutant brought to life in this process: its code in the functions that are loaded. No file changes."""

from __future__ import annotations

import functools
import gc
import types
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from scripts.mutation.mutants import Mutant, mutated

Key = tuple[str, str, int]
Functions = Mapping[Key, Sequence[types.FunctionType]]


def loaded_functions(folder: Path) -> Functions:
    """Every function of the folder's files that exists now, closures too, by file, name and first line."""
    found: dict[Key, list[types.FunctionType]] = defaultdict(list)
    for each in gc.get_objects():
        if isinstance(each, types.FunctionType) and each.__code__.co_filename.startswith(str(folder)):
            found[_key(each.__code__)].append(each)
    return found


def swap(mutant: Mutant, functions: Functions) -> int:
    """Give the loaded functions the mutant's code; how many were changed, none if it is no valid code."""
    source = Path(mutant.path).read_text(encoding="utf-8")
    try:
        changed = compile(mutated(mutant, source), mutant.path, "exec")
    except (SyntaxError, ValueError):
        return 0
    sound = {_key(code): code for code in _codes(compile(source, mutant.path, "exec"))}
    done = 0
    for code in _codes(changed):
        if code != sound.get(_key(code)):
            done += _given(code, functions.get(_key(code), ()))
    return done


def forget(caches: Sequence[functools._lru_cache_wrapper[object]]) -> None:
    """Empty every cache: an answer that the sound code gave would hide the change."""
    for cache in caches:
        cache.cache_clear()


def caches_of(package: str) -> list[functools._lru_cache_wrapper[object]]:
    """The caches of functions in the package."""
    wrappers = (each for each in gc.get_objects() if isinstance(each, functools._lru_cache_wrapper))
    return [each for each in wrappers if str(each.__module__).startswith(package)]


def _given(code: types.CodeType, functions: Sequence[types.FunctionType]) -> int:
    """Functions that took the code; one with other closure variables cannot."""
    done = 0
    for function in functions:
        if function.__code__.co_freevars == code.co_freevars:
            function.__code__ = code
            done += 1
    return done


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            yield each
            yield from _codes(each)


def _key(code: types.CodeType) -> Key:
    return code.co_filename, code.co_qualname, code.co_firstlineno
