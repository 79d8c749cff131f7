"""Commands that are loaded when they are used: what one command needs, the others do not wait for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module

import click


class LateCommands(MutableMapping[str, click.Command]):
    """Name -> command, as click keeps those of a group; `modules` tells in which module each is."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._known: dict[str, click.Command | str] = dict(modules)

    def __getitem__(self, name: str) -> click.Command:
        found = self._known[name]
        if isinstance(found, str):
            loaded: click.Command = getattr(import_module(found), name)
            self._known[name] = found = loaded
        return found

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._known[name] = command

    def __delitem__(self, name: str) -> None:
        del self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)
