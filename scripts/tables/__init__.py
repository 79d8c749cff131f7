"""The documentation's generated tables: each module makes the text of one or two from the code."""

from .text import fenced, table

__all__ = ["fenced", "table"]
