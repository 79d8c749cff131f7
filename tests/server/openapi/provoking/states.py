"""What only the state of the world refuses: every scene, each on a server of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import getmembers, isfunction
from types import ModuleType

from .recorder import Seen
from .scenes import billing, control, payments, subscriptions, wallets
from .scenes import credits as credit_scenes
from .scenes.stage import Stage

Scene = Callable[[Stage], None]


def provoke(seen: Seen) -> None:
    """Play every scene."""
    for module in (payments, wallets, billing, subscriptions, credit_scenes, control):
        for scene in scenes_of(module):
            scene(Stage(seen))


def scenes_of(module: ModuleType) -> Iterator[Scene]:
    """The public functions that the module itself has."""
    for name, function in getmembers(module, isfunction):
        if function.__module__ == module.__name__ and not name.startswith("_"):
            yield function
