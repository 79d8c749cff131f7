"""What may be shown of what clients sent: never a token, key or secret (quality page, Security)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "[redacted]"

_SECRET_NAME = re.compile(
    r"secret|token|passw|authori[sz]ation|credential|cookie|cvc|cvv|api_?key|private_?key|signature|"
    r"card_?number|\bpan\b|iban|account_?number",
    re.IGNORECASE,
)
_SECRET_TEXT = re.compile(
    r"whsec_[A-Za-z0-9+/=_-]+"  # a webhook's secret
    # A JSON web token; atomic, and from the start of its run of letters alone, so that time stays linear.
    r"|(?<![A-Za-z0-9_-])(?>[A-Za-z0-9_-]*eyJ)[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"
    r"|\b[a-z]{2,4}_[A-Za-z0-9]+_secret_[A-Za-z0-9]+"  # a client secret
    r"|\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]+"  # an API key
    r"|\bBearer\s+\S+"
    r"|\b\d(?:[ -]?\d){12,18}\b"  # a card number
)


def redacted(value: Any) -> Any:
    """The value with everything hidden that is named like a secret or looks like one."""
    if isinstance(value, str):
        return _SECRET_TEXT.sub(HIDDEN, value)
    if isinstance(value, Mapping):
        return {redacted(str(name)): _shown(str(name), item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [redacted(item) for item in value]
    return value


def _shown(name: str, item: Any) -> Any:
    return HIDDEN if item is not None and _SECRET_NAME.search(name) else redacted(item)
