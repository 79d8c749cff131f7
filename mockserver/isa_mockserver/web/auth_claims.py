"""What a token says, and whether it may be believed now (rules AU-1, AU-3): pure functions over claims."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from isa_mockserver.kernel.errors import DomainError

from .auth_mint import base64url
from .jsonbody import parse_object
from .route import Principal

LEEWAY_S = 30
MAX_SUBJECT_CHARS = 255

_TYPES = frozenset({"jwt", "at+jwt"})
"""What a token may say it is: others, such as a logout token, are signed with the same key for other uses."""

_CHALLENGE = ("WWW-Authenticate", "Bearer")
_BLANK = " \t"
_INVALID_CHALLENGE = ("WWW-Authenticate", 'Bearer error="invalid_token"')


def unauthenticated(detail: str) -> DomainError:
    """401 for a request without a bearer token (rules AU-1)."""
    return DomainError("authentication_required", detail, headers=[_CHALLENGE])


def invalid_token(detail: str) -> DomainError:
    """401 for a token that is not to be believed (rules AU-1)."""
    return DomainError("invalid_token", detail, headers=[_INVALID_CHALLENGE])


def bearer_token(authorization: str | None) -> str:
    """The token of an `Authorization: Bearer ...` header; the scheme is case-insensitive.

    Raises:
        DomainError: `authentication_required` without a header, with another scheme or an empty token.
    """
    scheme, _, token = (authorization or "").strip(_BLANK).partition(" ")
    if scheme.lower() != "bearer" or not token.strip(_BLANK):
        raise unauthenticated("Send the header 'Authorization: Bearer <token>'.")
    return token.strip(_BLANK)


def segments_of(token: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Header and claims of a JWT, signature unseen; None for a string that is not a JWT at all.

    Raises:
        DomainError: `invalid_token` for a JWT whose claims cannot be read.
    """
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        header = parse_object(_decoded(parts[0]))
    except (ValueError, DomainError):
        return None
    try:
        return header, parse_object(_decoded(parts[1]))
    except (ValueError, DomainError):
        raise invalid_token("The token's claims cannot be read.") from None


def parse_claims(payload: bytes) -> dict[str, Any]:
    """The claims in a verified payload.

    Raises:
        DomainError: `invalid_token` for a payload that is not one JSON object.
    """
    try:
        return parse_object(payload)
    except DomainError:
        raise invalid_token("The token's claims cannot be read.") from None


def check_form(token: str) -> None:
    """Check what no signature covers: one spelling alone, and a header that says once that it is a JWT.

    Other spellings of the same signature would make many tokens of one, and one that is withdrawn by its
    text could go on in another (RFC 7515, 2 and 4; RFC 8725, 3.11).

    Raises:
        DomainError: `invalid_token`.
    """
    segments = token.split(".")
    try:
        header = parse_object(_decoded(segments[0]))
        one_spelling = all(base64url(_decoded(segment)) == segment for segment in segments)
    except (ValueError, DomainError):
        header, one_spelling = {}, False
    if not one_spelling:
        raise invalid_token("The token is not written as a JWT is.")
    kind = header.get("typ", "JWT")
    if not isinstance(kind, str) or kind.lower().removeprefix("application/") not in _TYPES:
        raise invalid_token("The token's 'typ' is that of another kind of token.")


def check_times(claims: Mapping[str, Any], now_s: int, *, exp_required: bool) -> int | None:
    """Check `exp`, `nbf` and `iat` against real time in epoch seconds, and give the expiry (rules AU-3).

    Raises:
        DomainError: `token_expired`, or `invalid_token` for a time that is missing, absurd or to come.
    """
    exp_s = _time_claim(claims, "exp")
    if exp_s is None and exp_required:
        raise invalid_token("The token has no 'exp' claim.")
    check_expiry(exp_s, now_s)
    for name in ("nbf", "iat"):
        moment_s = _time_claim(claims, name)
        if moment_s is not None and moment_s > now_s + LEEWAY_S:
            raise invalid_token(f"The token's '{name}' lies in the future.")
    return exp_s


def check_expiry(exp_s: int | None, now_s: int) -> None:
    """Accept while now < exp + 30 s (rules AU-3).

    Raises:
        DomainError: `token_expired`.
    """
    if exp_s is not None and now_s >= exp_s + LEEWAY_S:
        raise DomainError(
            "token_expired", "The token has expired; send a fresh one.", headers=[_INVALID_CHALLENGE]
        )


def check_subject(subject: str) -> None:
    """Nothing, if a token may name this user (rules AU-3).

    Raises:
        ValueError: no server would take it.
    """
    if not 1 <= len(subject) <= MAX_SUBJECT_CHARS or not subject.isprintable():
        words = f"has 1 to {MAX_SUBJECT_CHARS} characters that can be printed"
        raise ValueError(f"{subject!r} cannot be the name of a user, which {words}")


def principal_of(claims: Mapping[str, Any]) -> Principal:
    """The caller that the claims name: `sub` (else `user_id`), `roles` and `scope`, `sandbox` (rules AU-3).

    Raises:
        DomainError: `invalid_token` without a usable subject, or for a sandbox that is not a string.
    """
    subject = claims.get("sub", claims.get("user_id"))
    if not isinstance(subject, str) or not 1 <= len(subject) <= MAX_SUBJECT_CHARS:
        raise invalid_token("The token names no subject: 'sub' must be a string of 1 to 255 characters.")
    if not subject.isprintable():
        raise invalid_token("The token's subject holds characters that cannot be printed.")
    sandbox = claims.get("sandbox")
    if sandbox is not None and not isinstance(sandbox, str):
        raise invalid_token("The token's 'sandbox' must be a string.")
    return Principal(subject, _words(claims.get("roles")) | _words(claims.get("scope")), sandbox)


def _words(value: object) -> frozenset[str]:
    """A claim that is a list of strings, or one string of words."""
    words = value.split() if isinstance(value, str) else value
    return (
        frozenset(word for word in words if isinstance(word, str)) if isinstance(words, list) else frozenset()
    )


def _time_claim(claims: Mapping[str, Any], name: str) -> int | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise invalid_token(f"The token's '{name}' must be a number of seconds.")
    try:
        return int(value)
    except OverflowError:
        raise invalid_token(f"The token's '{name}' must be a finite number of seconds.") from None


def _decoded(segment: str) -> bytes:
    try:
        return base64.b64decode(segment + "=" * (-len(segment) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
