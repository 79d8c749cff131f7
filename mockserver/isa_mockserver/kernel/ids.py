"""Ids that repeat with the seed, and secrets that only repeat where that was asked for (decision 8)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import blake2b

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ID_CHARS = 20
_SECRET_CHARS = 24
_KEY_BYTES = 32


def base62(number: int, length: int) -> str:
    """The last `length` base-62 digits of `number`."""
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits.append(_BASE62[digit])
    return "".join(digits)


def draw_id_seed() -> int:
    """A fresh seed from the operating system, for a server that was given none."""
    return secrets.randbits(63)


@dataclass(frozen=True, slots=True)
class IdSource:
    """Derives ids from the seed, the sandbox, the kind and a counter.

    `repeatable_secrets` tells whether the seed was given explicitly, so that secrets repeat too.
    """

    id_seed: int
    sandbox: str = "default"
    repeatable_secrets: bool = False

    def make(self, prefix: str, counter: int) -> str:
        """The id number `counter` of a kind, such as `pi_` and 20 base-62 characters (rules PI-3)."""
        return f"{prefix}_{self._digits(prefix, str(counter), _ID_CHARS)}"

    def secret(self, purpose: str, subject_id: str) -> str:
        """24 unguessable base-62 characters for `subject_id` (rules PI-3)."""
        if self.repeatable_secrets:
            return self._digits(f"secret:{purpose}", subject_id, _SECRET_CHARS)
        return base62(secrets.randbits(_SECRET_CHARS * 6), _SECRET_CHARS)

    def key(self, purpose: str, subject_id: str) -> bytes:
        """32 unguessable bytes for `subject_id`, to sign with (rules WH-4)."""
        if self.repeatable_secrets:
            source = f"{self.id_seed}\0{self.sandbox}\0key:{purpose}\0{subject_id}".encode()
            return blake2b(source, digest_size=_KEY_BYTES).digest()
        return secrets.token_bytes(_KEY_BYTES)

    def _digits(self, purpose: str, subject: str, length: int) -> str:
        source = f"{self.id_seed}\0{self.sandbox}\0{purpose}\0{subject}".encode()
        return base62(int.from_bytes(blake2b(source, digest_size=24).digest(), "big"), length)
