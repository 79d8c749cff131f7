"""Ids that repeat with the seed, and secrets that only repeat where that was asked for (decision 8)."""

from __future__ import annotations

import secrets
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

_BASE62 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BYTE_TO_BASE62 = bytes(_BASE62[byte % 62] for byte in range(256))
_ID_CHARS = 20
_SECRET_CHARS = 24
_KEY_BYTES = 32


def base62(source: bytes) -> str:
    """One base-62 character for each byte."""
    return source.translate(_BYTE_TO_BASE62).decode()


def draw_id_seed() -> int:
    """A fresh seed from the operating system, for a server that was given none."""
    return secrets.randbits(63)


class IdSource(NamedTuple):
    """Derives ids from the seed, the sandbox, the kind and a counter.

    `repeatable_secrets` tells whether the seed was given explicitly, so that secrets repeat too.
    """

    id_seed: int
    sandbox: str = "default"
    repeatable_secrets: bool = False

    def make(self, prefix: str, counter: int) -> str:
        """The id number `counter` of a kind, such as `pi_` and 20 base-62 characters (rules PI-3)."""
        return f"{prefix}_{base62(self._digest(prefix, b'%d' % counter, _ID_CHARS))}"

    def secret(self, purpose: str, subject_id: str) -> str:
        """24 unguessable base-62 characters for `subject_id` (rules PI-3)."""
        if self.repeatable_secrets:
            return base62(self._digest(f"secret:{purpose}", subject_id.encode(), _SECRET_CHARS))
        return base62(secrets.token_bytes(_SECRET_CHARS))

    def key(self, purpose: str, subject_id: str) -> bytes:
        """32 unguessable bytes for `subject_id`, to sign with (rules WH-4)."""
        if self.repeatable_secrets:
            return self._digest(f"key:{purpose}", subject_id.encode(), _KEY_BYTES)
        return secrets.token_bytes(_KEY_BYTES)

    def _digest(self, purpose: str, subject: bytes, length: int) -> bytes:
        digest = _begun(self.id_seed, self.sandbox, purpose, length).copy()
        digest.update(subject)
        return digest.digest()


@lru_cache(maxsize=1024)
def _begun(id_seed: int, sandbox: str, purpose: str, length: int) -> blake2b:
    """The digest of what all ids of a kind begin with; whoever goes on with it takes a copy."""
    return blake2b(f"{id_seed}\0{sandbox}\0{purpose}\0".encode(), digest_size=length)
