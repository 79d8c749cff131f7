"""Making tokens for development and tests: HS256, signed with the standard library (rules AU-3)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from isa_mockserver.kernel.clock import wall_now

DEV_SECRET = "isa-mockserver: development tokens are signed but not verified"
DEFAULT_TTL_S = 30 * 24 * 3600
MAX_TTL_S = 10 * 366 * 24 * 3600


def mint_token(
    subject: str,
    *,
    roles: Sequence[str] = (),
    ttl_s: int = DEFAULT_TTL_S,
    sandbox: str | None = None,
    issuer: str | None = None,
    audience: str | None = None,
    secret: str = DEV_SECRET,
    now: datetime | None = None,
) -> str:
    """A JWT for `subject` that is valid for `ttl_s` seconds of real time; a negative one has expired.

    Without `secret` any server in dev mode accepts it; a server that verifies needs its own secret, issuer
    and audience (rules AU-2, AU-3).
    """
    issued_s = int((now or wall_now()).timestamp())
    claims = {
        "sub": subject,
        "iat": min(issued_s, issued_s + ttl_s),
        "exp": issued_s + ttl_s,
        "roles": list(roles) or None,
        "sandbox": sandbox,
        "iss": issuer,
        "aud": audience,
    }
    said = {name: value for name, value in claims.items() if value is not None}
    signing_input = f"{_segment({'alg': 'HS256', 'typ': 'JWT'})}.{_segment(said)}"
    signature = hmac.digest(secret.encode(), signing_input.encode(), hashlib.sha256)
    return f"{signing_input}.{base64url(signature)}"


@dataclass(frozen=True, slots=True)
class Mint:
    """Makes tokens that one server accepts: with its secret, issuer and audience."""

    secret: str = field(default=DEV_SECRET, repr=False)
    issuer: str | None = None
    audience: str | None = None

    def token(
        self,
        subject: str,
        *,
        roles: Sequence[str] = (),
        ttl_s: int = DEFAULT_TTL_S,
        sandbox: str | None = None,
    ) -> str:
        """A token as `mint_token` makes it."""
        return mint_token(
            subject,
            roles=roles,
            ttl_s=ttl_s,
            sandbox=sandbox,
            issuer=self.issuer,
            audience=self.audience,
            secret=self.secret,
        )


def _segment(document: Mapping[str, Any]) -> str:
    return base64url(json.dumps(document, separators=(",", ":")).encode())


def base64url(data: bytes) -> str:
    """Base64 as JWTs have it: for URLs, without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
