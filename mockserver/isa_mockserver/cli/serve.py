"""`isa-mockserver serve`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from isa_mockserver.kernel.clock import parse_time

SEEDS = ("demo", "none")
AUTH_MODES = ("dev", "verify")
LOG_LEVELS = ("debug", "info", "warning", "error", "critical")


def _time(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    try:
        return None if value is None else parse_time(value)
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"{value!r} is not a time with a zone, such as 2024-01-28T10:00:00Z", ctx, param
        ) from None


def _seed(ctx: click.Context, param: click.Parameter, value: str) -> str | Path:
    return value if value in SEEDS else Path(value)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address; the default is ::1 too.")
@click.option("--port", "ports", multiple=True, metavar="SERVICE=N", help="A service's port; 0: a free one.")
@click.option(
    "--port-offset",
    type=int,
    default=0,
    metavar="N",
    help="Added to the documented ports: 10000, 11000, ... 50000.",
)
@click.option("--print-ports", is_flag=True, help="Print one line of JSON instead of the banner.")
@click.option(
    "--seed",
    callback=_seed,
    default="demo",
    show_default=True,
    metavar="demo|none|FILE",
    help="What is there at first, also after a reset; FILE is a fixture in YAML or JSON.",
)
@click.option("--id-seed", type=int, metavar="N", help="Makes ids and secrets repeatable.")
@click.option(
    "--clock", callback=_time, metavar="TIME", help="Start at this time, frozen; without it time ticks."
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Keep the state there, with its snapshots, but neither request journal nor armed faults; seed, ids "
    "and clock are then those of the first start.",
)
@click.option("--rate-limit", is_flag=True, help="Refuse who asks more than 100 at once and 25 a second.")
@click.option("--strict-fields", is_flag=True, help="Refuse unknown fields instead of warning.")
@click.option(
    "--allow-remote",
    is_flag=True,
    envvar="ISA_MOCKSERVER_ALLOW_REMOTE",
    show_envvar=True,
    help="Accept development tokens on addresses that other machines can reach.",
)
@click.option("--allow-host", "allow_hosts", multiple=True, metavar="NAME", help="A name of this machine.")
@click.option(
    "--auth", type=click.Choice(AUTH_MODES), default="dev", show_default=True, help="How tokens are judged."
)
@click.option(
    "--jwt-secret",
    envvar="ISA_MOCKSERVER_JWT_SECRET",
    show_envvar=True,
    help="HS256 secret of at least 32 bytes (with --auth verify).",
)
@click.option(
    "--jwt-public-key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File of an RS256 public key, PEM (with --auth verify).",
)
@click.option("--jwt-issuer", metavar="ISS", help="The 'iss' that tokens must have (with --auth verify).")
@click.option("--jwt-audience", metavar="AUD", help="The 'aud' that tokens must have (with --auth verify).")
@click.option(
    "--webhook",
    "webhooks",
    multiple=True,
    metavar="URL",
    help="Send events there; can be given several times.",
)
@click.option(
    "--webhook-secret",
    envvar="ISA_MOCKSERVER_WEBHOOK_SECRET",
    show_envvar=True,
    metavar="whsec_...",
    help="What signs the webhooks to those addresses; without it each has its own.",
)
@click.option(
    "--log-level", type=click.Choice(LOG_LEVELS), default="info", show_default=True, help="What is logged."
)
def serve(
    ports: tuple[str, ...],
    port_offset: int,
    print_ports: bool,
    jwt_public_key: Path | None,
    log_level: str,
    **options: Any,
) -> None:
    """Serve the five services on their ports, and all of them on the gateway's."""
    from isa_mockserver.fixtures import FixtureError
    from isa_mockserver.persist.store import StateFileError
    from isa_mockserver.serve.options import OptionError, ServeOptions
    from isa_mockserver.serve.ports import choose_ports, parse_override
    from isa_mockserver.serve.server import log_to_stderr
    from isa_mockserver.serve.sockets import CannotListenError
    from isa_mockserver.serve.start import start

    _check_jwt_options(options["auth"])
    log_to_stderr(log_level)
    try:
        chosen = choose_ports([parse_override(port) for port in ports], port_offset)
    except ValueError as error:
        raise click.ClickException(f"{error}.") from None
    key = jwt_public_key.read_bytes() if jwt_public_key else None
    try:
        start(ServeOptions(ports=chosen, jwt_public_key=key, **options), print_ports=print_ports)
    except (OptionError, CannotListenError, StateFileError, FixtureError) as error:
        raise click.ClickException(str(error)) from None


def _check_jwt_options(auth: str) -> None:
    """Refuse to look as if tokens were verified when they are not."""
    ctx = click.get_current_context()
    for name in ("jwt_secret", "jwt_public_key", "jwt_issuer", "jwt_audience"):
        if auth != "verify" and ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.ClickException(f"--{name.replace('_', '-')} has no effect without --auth verify.")
