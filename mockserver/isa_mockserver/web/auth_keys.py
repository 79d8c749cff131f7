"""The key that a verifying server trusts; it alone fixes the algorithm (rules AU-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, Self

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

MIN_SECRET_BYTES = 32
MIN_RSA_BITS = 2048


class TrustedKey(NamedTuple):
    """A key with the one algorithm that it is for. Make it with `shared_secret` or `public_key`."""

    algorithm: Literal["HS256", "RS256"]
    key: bytes | RSAPublicKey

    @classmethod
    def shared_secret(cls, secret: str) -> Self:
        """HS256 with a secret of at least 32 bytes.

        Raises:
            ValueError: the secret is too short, or is a PEM key.
        """
        if len(secret.encode()) < MIN_SECRET_BYTES:
            raise ValueError(f"the JWT secret must have at least {MIN_SECRET_BYTES} bytes")
        if "-----BEGIN" in secret:
            raise ValueError("the JWT secret is a PEM key; give a public key as --jwt-public-key")
        return cls("HS256", secret.encode())

    @classmethod
    def public_key(cls, pem: bytes) -> Self:
        """RS256 with an RSA public key of at least 2048 bits.

        Raises:
            ValueError: the text is no such key.
        """
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
        from cryptography.hazmat.primitives.serialization import load_pem_public_key

        try:
            key = load_pem_public_key(pem)
        except (ValueError, UnsupportedAlgorithm):
            raise ValueError("the JWT public key is not a public key in PEM form") from None
        if not isinstance(key, RSAPublicKey) or key.key_size < MIN_RSA_BITS:
            raise ValueError(f"the JWT public key must be an RSA key of at least {MIN_RSA_BITS} bits")
        return cls("RS256", key)

    def __repr__(self) -> str:
        return f"TrustedKey({self.algorithm})"
