"""JWTs made by hand, good and bad, independent of the code under test."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.web.auth import DevAuthenticator, VerifyAuthenticator

NOW_S = 1_706_436_000
NOW = datetime(2024, 1, 28, 10, 0, 0, tzinfo=UTC)
SECRET = "a secret of thirty-two bytes, at least."


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def part(document: Any) -> str:
    return b64(json.dumps(document).encode())


def hs256(claims: Any, *, secret: bytes = SECRET.encode(), header: dict[str, Any] | None = None) -> str:
    """A token of these claims, signed with HMAC-SHA256 whatever its header says."""
    signing_input = f"{part({'alg': 'HS256', 'typ': 'JWT'} if header is None else header)}.{part(claims)}"
    return f"{signing_input}.{b64(hmac.digest(secret, signing_input.encode(), hashlib.sha256))}"


def code_of(authenticator: DevAuthenticator | VerifyAuthenticator, authorization: str | None) -> str:
    """The code with which the header is refused, or `accepted`."""
    try:
        authenticator.authenticate(authorization)
    except DomainError as error:
        return error.code
    return "accepted"
