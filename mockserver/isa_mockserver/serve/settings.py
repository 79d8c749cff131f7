"""From the options of a start to the settings of the application."""

from __future__ import annotations

from isa_mockserver.app import Settings
from isa_mockserver.web.auth import DevAuthenticator, Mint, TrustedKey, VerifyAuthenticator
from isa_mockserver.web.control import ControlSettings
from isa_mockserver.web.faults.model import Fault
from isa_mockserver.web.guard import host_of
from isa_mockserver.webhooks.endpoints import NewEndpoint, check_url
from isa_mockserver.webhooks.model import MAX_ENDPOINTS
from isa_mockserver.webhooks.signing import key_of

from .options import OptionError, ServeOptions

_EVERY_ADDRESS = frozenset({"0.0.0.0", "::"})


def settings_of(options: ServeOptions) -> Settings:
    """How the application starts.

    Raises:
        OptionError: the options do not go together, or would let strangers in (rules AU-2).
    """
    _check_reach(options)
    verify = options.auth == "verify"
    key = _trusted_key(options) if verify else None
    authenticator = (
        DevAuthenticator()
        if key is None
        else VerifyAuthenticator(key, issuer=options.jwt_issuer, audience=options.jwt_audience)
    )
    return Settings(
        seed=options.seed,
        id_seed=options.id_seed,
        clock=options.clock,
        authenticator=authenticator,
        control=ControlSettings(
            allowed_hosts=_allowed_hosts(options), admins_only=verify, mint=_mint(options)
        ),
        strict_fields=options.strict_fields,
        faults=(Fault("rate_limit", times=None),) if options.rate_limit else (),
        browsers=not verify,
        webhooks=_endpoints(options),
        data=options.data,
        grouped=True,
    )


def _mint(options: ServeOptions) -> Mint | None:
    """What makes tokens for this server; None where it knows a public key only."""
    if options.auth == "dev":
        return Mint()
    if options.jwt_secret is None:
        return None
    return Mint(secret=options.jwt_secret, issuer=options.jwt_issuer, audience=options.jwt_audience)


def _check_reach(options: ServeOptions) -> None:
    if options.is_remote and options.auth == "dev" and not options.allow_remote:
        raise OptionError(
            f"{options.host} can be reached from other machines, and in dev mode whoever reaches the server "
            "is any user they like: use --auth verify, or --allow-remote if that is what you want."
        )


def _trusted_key(options: ServeOptions) -> TrustedKey:
    if (options.jwt_secret is None) == (options.jwt_public_key is None):
        raise OptionError("--auth verify needs one key: --jwt-secret or --jwt-public-key.")
    try:
        if options.jwt_public_key is not None:
            return TrustedKey.public_key(options.jwt_public_key)
        return TrustedKey.shared_secret(options.jwt_secret or "")
    except ValueError as error:
        reason = str(error)
        raise OptionError(f"{reason[:1].upper()}{reason[1:]}.") from None


def _endpoints(options: ServeOptions) -> tuple[NewEndpoint, ...]:
    secret = options.webhook_secret
    if len(options.webhooks) > MAX_ENDPOINTS:
        raise OptionError(f"There can be {MAX_ENDPOINTS} webhook endpoints at most.")
    try:
        if secret is not None:
            key_of(secret)
    except ValueError as error:
        raise OptionError(f"The webhook secret {error}.") from None
    for url in options.webhooks:
        try:
            check_url(url)
        except ValueError as error:
            raise OptionError(f"The webhook address {url!r} {error}.") from None
    return tuple(NewEndpoint(url=url, secret=secret) for url in options.webhooks)


def _allowed_hosts(options: ServeOptions) -> frozenset[str]:
    hosts = set() if options.host in _EVERY_ADDRESS else {options.host.lower()}
    for name in options.allow_hosts:
        host = host_of(name)
        if host is None:
            raise OptionError(f"{name!r} is not a host name such as mock.internal.")
        hosts.add(host)
    return frozenset(hosts)
