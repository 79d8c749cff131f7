"""A group of commands of which one is meant when none is named."""

from __future__ import annotations

from typing import Any

import click

_OF_THE_GROUP = ("--help", "-h", "--version")


class WithDefault(click.Group):
    """A group whose bare options belong to its default command: `isa-mockserver --port-offset 1000`."""

    def __init__(self, *args: Any, default: str, **kwargs: Any) -> None:
        words = f"Without a command: {default}. The options of a command are shown by COMMAND --help."
        super().__init__(*args, **{"epilog": words, **kwargs})
        self._default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Name the default command where no command is named; not while the shell asks for completions."""
        bare = not args or (args[0].startswith("-") and args[0] not in _OF_THE_GROUP)
        if bare and not ctx.resilient_parsing:
            args = [self._default, *args]
        return super().parse_args(ctx, args)
