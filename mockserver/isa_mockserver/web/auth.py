"""Who is calling (rules 8.1): dev mode takes anyone at their word, verify mode checks signed tokens."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock
from typing import Any

from isa_mockserver.kernel.clock import wall_now

from .auth_claims import (
    bearer_token,
    check_expiry,
    check_form,
    check_subject,
    check_times,
    invalid_token,
    parse_claims,
    principal_of,
    segments_of,
)
from .auth_keys import TrustedKey
from .auth_mint import DEFAULT_TTL_S, MAX_TTL_S, Mint, mint_token
from .route import Principal

__all__ = [
    "DEFAULT_TTL_S",
    "MAX_REMEMBERED",
    "MAX_TOKEN_CHARS",
    "MAX_TTL_S",
    "DevAuthenticator",
    "Mint",
    "TrustedKey",
    "VerifyAuthenticator",
    "check_subject",
    "mint_token",
]

logger = logging.getLogger("isa_mockserver")

MAX_TOKEN_CHARS = 16_384
MAX_REMEMBERED = 4_096

_Wall = Callable[[], datetime]
_PLACEHOLDERS = {"YOUR_JWT_TOKEN": "user_456"}
_BARE_USER = re.compile(r"user_[A-Za-z0-9_.~-]{1,250}")


class _Remembered:
    """Tokens that were judged already; their expiry is judged again at every use. Bounded, oldest out."""

    def __init__(self) -> None:
        self._by_token: dict[str, tuple[Principal, int | None]] = {}
        self._adding = Lock()

    def recall(self, token: str, wall: _Wall) -> Principal | None:
        found = self._by_token.get(token)
        if found is None:
            return None
        principal, exp_s = found
        if exp_s is not None:
            check_expiry(exp_s, int(wall().timestamp()))
        return principal

    def keep(self, token: str, principal: Principal, exp_s: int | None) -> Principal:
        with self._adding:
            if len(self._by_token) >= MAX_REMEMBERED:
                del self._by_token[next(iter(self._by_token))]
            self._by_token[token] = principal, exp_s
        return principal


class DevAuthenticator:
    """Any non-empty bearer token is a user (rules AU-2, mode dev): for loopback addresses only.

    A JWT is its `sub`, signature unchecked; `user_...` is that user; `YOUR_JWT_TOKEN` is `user_456`; any
    other string is a stable `user_<8 hex>`.
    """

    def __init__(self, *, wall: _Wall = wall_now) -> None:
        self._wall = wall
        self._remembered = _Remembered()

    def authenticate(self, authorization: str | None) -> Principal:
        """The caller.

        Raises:
            DomainError: `authentication_required`, `invalid_token` or `token_expired` (rules AU-1).
        """
        token = bearer_token(authorization)
        known = self._remembered.recall(token, self._wall)
        if known is not None:
            return known
        now_s = int(self._wall().timestamp())
        if len(token) > MAX_TOKEN_CHARS:
            raise invalid_token(f"The token is longer than {MAX_TOKEN_CHARS} characters.")
        segments = segments_of(token)
        if segments is None:
            user = _bare_user(token)
            if user != token and token not in _PLACEHOLDERS:
                # Once a token; it might be a mistyped one, and is not shown.
                logger.info("a token that is neither a JWT nor user_... was sent: it stands for %s", user)
            return self._remembered.keep(token, Principal(user), None)
        _, claims = segments
        exp_s = check_times(claims, now_s, exp_required=False)
        return self._remembered.keep(token, principal_of(claims), exp_s)


class VerifyAuthenticator:
    """Only tokens signed with the configured key, and valid now, are users (rules AU-2, mode verify).

    `issuer` and `audience`, where given, must be those of the token. Key hints inside a token (`kid`,
    `jku`, `x5u`, `jwk`) are never followed.
    """

    def __init__(
        self,
        key: TrustedKey,
        *,
        issuer: str | None = None,
        audience: str | None = None,
        wall: _Wall = wall_now,
    ) -> None:
        import jwt  # here, for it costs a sixth of a second that dev mode does not need

        self._key = key
        self._issuer = issuer
        self._audience = audience
        self._wall = wall
        self._signatures = jwt.PyJWS(algorithms=[key.algorithm])
        self._refusals = (jwt.PyJWTError, ValueError, TypeError, RecursionError)
        self._remembered = _Remembered()

    def authenticate(self, authorization: str | None) -> Principal:
        """The caller.

        Raises:
            DomainError: `authentication_required`, `invalid_token` or `token_expired` (rules AU-1).
        """
        token = bearer_token(authorization)
        known = self._remembered.recall(token, self._wall)
        if known is not None:
            return known
        now_s = int(self._wall().timestamp())
        claims = parse_claims(self._verified_payload(token))
        exp_s = check_times(claims, now_s, exp_required=True)
        self._check_parties(claims)
        return self._remembered.keep(token, principal_of(claims), exp_s)

    def _verified_payload(self, token: str) -> bytes:
        if len(token) > MAX_TOKEN_CHARS or not token.isascii():
            raise invalid_token("The token is not a JWT.")
        try:
            payload = self._signatures.decode(token, self._key.key, algorithms=[self._key.algorithm])
        except self._refusals:
            raise invalid_token("The token is not a JWT signed with the key of this server.") from None
        check_form(token)
        return bytes(payload)

    def _check_parties(self, claims: Mapping[str, Any]) -> None:
        if self._issuer is not None and claims.get("iss") != self._issuer:
            raise invalid_token("The token comes from another issuer.")
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if self._audience is not None and self._audience not in audiences:
            raise invalid_token("The token is for another audience.")


def _bare_user(token: str) -> str:
    if token in _PLACEHOLDERS:
        return _PLACEHOLDERS[token]
    if _BARE_USER.fullmatch(token):
        return token
    return f"user_{hashlib.sha256(token.encode()).hexdigest()[:8]}"
