"""Signing secrets: ``whsec_`` and base64 of 24 to 64 random bytes (rules WH-4)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable

from isa_user.errors import ConfigurationError

__all__ = ["signing_keys"]

PREFIX = "whsec_"
MIN_KEY_BYTES = 24
MAX_KEY_BYTES = 64


def signing_keys(secrets: str | Iterable[str]) -> tuple[bytes, ...]:
    """The key of each secret, in the order given.

    Raises:
        ConfigurationError: there is no secret, or one is not of the form above; the message never shows it.
    """
    listed = [secrets] if isinstance(secrets, str) else list(secrets)
    if not listed:
        raise ConfigurationError("Webhooks need at least one signing secret.")
    return tuple(_key(secret) for secret in listed)


def _key(secret: object) -> bytes:
    if not isinstance(secret, str):
        raise ConfigurationError(f"A webhook secret is a string, not {type(secret).__name__}.")
    text = secret.removeprefix(PREFIX)
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        # From None: the cause could show a piece of the secret.
        raise ConfigurationError(f"A webhook secret is {PREFIX!r} followed by base64.") from None
    if not MIN_KEY_BYTES <= len(key) <= MAX_KEY_BYTES:
        raise ConfigurationError(
            f"A webhook secret holds {MIN_KEY_BYTES} to {MAX_KEY_BYTES} bytes, this one {len(key)}."
        )
    return key
