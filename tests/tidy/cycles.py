"""Import cycles between the modules of a package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from tests.tidy.source import Finding, Module, imports


def check_cycles(modules: Iterable[Module]) -> Iterator[Finding]:
    """A circle of modules that need each other when imported; a package's `__init__` is not counted."""
    graph = _graph({module.name: module for module in modules if not module.is_package})
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = error.args[1]
        yield Finding(circle[0], 1, f"imports itself in a circle: {' <- '.join(circle)}")


def _graph(modules: Mapping[str, Module]) -> dict[str, set[str]]:
    return {name: set(_needs(module, modules)) - {name} for name, module in modules.items()}


def _needs(module: Module, modules: Mapping[str, Module]) -> Iterator[str]:
    for item in imports(module):
        name = item.target
        while name and name not in modules:
            name = name.rpartition(".")[0]
        if name and item.when == "start":
            yield name
