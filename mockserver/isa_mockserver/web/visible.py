"""Text from others for a terminal or a report: what would steer it or break the line shows as escapes."""

from __future__ import annotations

import json
from typing import Any


def visible(text: str) -> str:
    """One line of text; what cannot be printed, such as line ends and escape sequences, is named instead."""
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text
    )


def json_line(document: Any) -> str:
    """The document as one line of JSON that means the same, with escapes for what cannot be printed."""
    text = json.dumps(document, ensure_ascii=False)
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in text)
