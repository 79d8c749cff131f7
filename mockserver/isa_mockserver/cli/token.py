"""`isa-mockserver token`: make a token; needs no running server."""

from __future__ import annotations

import click

from isa_mockserver.web.auth_claims import check_subject
from isa_mockserver.web.auth_keys import TrustedKey
from isa_mockserver.web.auth_mint import DEFAULT_TTL_S, DEV_SECRET, MAX_TTL_S, mint_token
from isa_mockserver.web.spans import parse_span

from .output import show
from .remote import json_option

_TTL = "Lifetime (3600, 12h); 30 days without it. A server takes it 30 s longer; -60 makes an expired one."


def _seconds(ctx: click.Context, param: click.Parameter, value: str) -> int:
    try:
        seconds = parse_span(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from None
    if not isinstance(seconds, int) or abs(seconds) > MAX_TTL_S:
        raise click.BadParameter(f"{value!r} is no number of seconds (3600) or hours (12h)", ctx, param)
    return seconds


@click.command()
@click.argument("user")
@click.option("--role", "roles", multiple=True, help="A role, such as admin; can be given several times.")
@click.option(
    "--ttl",
    default=str(DEFAULT_TTL_S),
    callback=_seconds,
    help=_TTL,
)
@click.option("--sandbox", help="The sandbox that the token names.")
@click.option("--jwt-issuer", metavar="ISS", help="The 'iss' that the server asks for.")
@click.option("--jwt-audience", metavar="AUD", help="The 'aud' that the server asks for.")
@click.option(
    "--jwt-secret",
    default=DEV_SECRET,
    envvar="ISA_MOCKSERVER_JWT_SECRET",
    show_envvar=True,
    help="The secret of a server that verifies tokens; without it the token is for development.",
)
@json_option
def token(
    user: str,
    roles: tuple[str, ...],
    ttl: int,
    sandbox: str | None,
    jwt_issuer: str | None,
    jwt_audience: str | None,
    jwt_secret: str,
    as_json: bool,
) -> None:
    """Make a token for USER."""
    try:
        check_subject(user)
        if jwt_secret != DEV_SECRET:
            TrustedKey.shared_secret(jwt_secret)
    except ValueError as error:
        raise click.ClickException(f"{error}.") from None
    made = mint_token(
        user,
        roles=roles,
        ttl_s=ttl,
        sandbox=sandbox,
        issuer=jwt_issuer,
        audience=jwt_audience,
        secret=jwt_secret,
    )
    show({"token": made, "sub": user, "roles": list(roles)}, as_json=as_json, words=made)
