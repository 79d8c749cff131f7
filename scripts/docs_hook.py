"""What mkdocs does to each page: docstrings announce a block with `::`, which Markdown would show."""

from __future__ import annotations

import re
from typing import Any

_ALONE = re.compile(r"<p>::</p>\s*")
_AFTER_A_WORD = re.compile(r"(?<=\w)::</p>")


def on_page_content(html: str, **_: Any) -> str:
    """The page without the second colon, or without both where nothing stands before them."""
    return _AFTER_A_WORD.sub(":</p>", _ALONE.sub("", html))
