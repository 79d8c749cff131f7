"""The faults that can be injected."""

from __future__ import annotations

from isa_mockserver.web.faults.model import EFFECTS, OPTIONS
from scripts.tables.text import table


def faults() -> str:
    """One row an effect."""
    return table(
        ("effect", "what the server does", "options of its own"),
        (
            (f"`{effect}`", what, ", ".join(f"`{option}`" for option in sorted(OPTIONS.get(effect, ()))))
            for effect, what in EFFECTS.items()
        ),
    )
