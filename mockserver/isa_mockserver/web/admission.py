"""Who is calling, and into which sandbox: the token's claim, else the header, else the default one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from isa_mockserver.kernel.errors import DomainError, Failure

from .auth_claims import invalid_token, unauthenticated
from .route import Principal
from .runtime import Runtime
from .sandboxes import DEFAULT, NAME_WORDS, SANDBOX_HEADER, is_sandbox_name

_HEADER_KEY = SANDBOX_HEADER.lower()
_ANYONE = Principal("")


class Admission(NamedTuple):
    """The sandbox that a request goes to, and the caller or why they are refused."""

    runtime: Runtime
    principal: Principal | None
    refusal: DomainError | None = None

    def caller(self) -> Principal:
        """The authenticated caller, in a sandbox that they may use.

        Raises:
            DomainError: a 401 of the authenticator; `permission_denied`, `invalid_value`, `invalid_token`
                or `too_many_sandboxes` for a sandbox that cannot be used.
        """
        if self.principal is None or self.refusal is not None:
            raise self.refusal or unauthenticated("Send the header 'Authorization: Bearer <token>'.")
        return self.principal


def admit(runtime: Runtime, headers: Mapping[str, str], *, anyone: bool = False) -> Admission:
    """Authenticate, and find the sandbox; it never raises, so that a refusal has a sandbox too.

    With `anyone` a request without a valid token is let in as nobody in particular.
    """
    try:
        principal = runtime.authenticator.authenticate(headers.get("authorization"))
    except DomainError as error:
        if not anyone:
            return Admission(_of_a_stranger(runtime, headers), None, refusal=error)
        principal = _ANYONE
    claim, header = principal.sandbox, headers.get(_HEADER_KEY)
    if claim is None and header is None:
        return Admission(runtime, principal)
    try:
        return Admission(runtime.in_sandbox(_agreed(runtime, principal, header)), principal)
    except DomainError as error:
        return Admission(runtime, principal, refusal=error)


def _agreed(runtime: Runtime, caller: Principal, header: str | None) -> str:
    """The one sandbox that claim and header name; a header from who may not choose must not matter."""
    may_choose = caller.is_admin or not runtime.admins_only
    by_header = None if header is None else _named(header)
    if caller.sandbox is not None:
        name = _claimed(caller.sandbox)
    else:
        name = by_header if by_header is not None and may_choose else DEFAULT
    if by_header not in (None, name):
        raise DomainError(
            "permission_denied", f"The token is for the sandbox {name!r}; the header names another one."
        )
    return name


def _named(header: str) -> str:
    if not is_sandbox_name(header):
        raise DomainError.of_failures(
            [Failure(SANDBOX_HEADER, "invalid_value", f"A sandbox's name {NAME_WORDS}.")]
        )
    return header


def _claimed(claim: str) -> str:
    if not is_sandbox_name(claim):
        raise invalid_token(f"The token's 'sandbox' {NAME_WORDS}.")
    return claim


def _of_a_stranger(runtime: Runtime, headers: Mapping[str, str]) -> Runtime:
    """An existing sandbox that the header names, so that its journal shows the refusal."""
    header = None if runtime.admins_only else headers.get(_HEADER_KEY)
    return runtime if header is None else runtime.sandboxes.find(header) or runtime
