"""Signing secrets: ``whsec_`` and base64 of 24 to 64 random bytes (rules WH-4)."""

from __future__ import annotations

import base64
import binascii
import secrets as randomness
from collections.abc import Iterable

from isa_user.errors import ConfigurationError

__all__ = ["new_secret", "signing_keys"]

PREFIX = "whsec_"
MIN_KEY_BYTES = 24
MAX_KEY_BYTES = 64
NEW_KEY_BYTES = 32

_MAKE_ONE = "Use the one of the endpoint, or make one: isa_user.webhooks.new_secret()."


def new_secret() -> str:
    """A new signing secret: ``whsec_`` and base64 of 32 random bytes (rules WH-4).

    Give the same one to the sender, when the endpoint is registered, and to the receiver.
    """
    return PREFIX + base64.b64encode(randomness.token_bytes(NEW_KEY_BYTES)).decode("ascii")


def signing_keys(secrets: str | Iterable[str]) -> tuple[bytes, ...]:
    """The key of each secret, in the order given.

    Raises:
        ConfigurationError: there is no secret, or one is not of the form above; the message never shows it.
    """
    given: object = secrets
    listed = list(secrets) if isinstance(given, Iterable) and not isinstance(given, str | bytes) else [given]
    if not listed:
        raise ConfigurationError("Webhooks need at least one signing secret.", next_step=_MAKE_ONE)
    return tuple(_key(secret) for secret in listed)


def _key(secret: object) -> bytes:
    if secret is None or secret == "":
        raise ConfigurationError(
            f"The webhook secret is {'None' if secret is None else 'empty'}.",
            next_step="Is the variable set that should hold it?",
        )
    if not isinstance(secret, str):
        raise _unfit(f"is a str, not {type(secret).__name__}")
    text = secret.removeprefix(PREFIX)
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        # From None: the cause could show a piece of the secret.
        raise _unfit(f"is {PREFIX!r} followed by base64") from None
    if not MIN_KEY_BYTES <= len(key) <= MAX_KEY_BYTES:
        raise _unfit(f"holds {MIN_KEY_BYTES} to {MAX_KEY_BYTES} bytes, this one {len(key)}")
    return key


def _unfit(problem: str) -> ConfigurationError:
    return ConfigurationError(f"A webhook secret {problem}.", next_step=_MAKE_ONE)
