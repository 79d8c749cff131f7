"""Settings: the SDK's environment, a client's arguments, and the server's options."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping

import click

from isa_mockserver.cli.serve import serve
from isa_user import IsaUser, PaymentClient, _config
from scripts.tables.text import table

VARIABLES: Mapping[str, str] = {
    _config.ENV_TOKEN: "the token, where neither the call nor the client has one",
    _config.ENV_BASE_URL: "one gateway for all five services",
    **{
        f"ISA_USER_{service.upper()}_URL": f"the {service} service (default `http://localhost:{port}`)"
        for service, port in _config.PORTS.items()
    },
    _config.ENV_IDEMPOTENT_SERVER: "`1`: the deployment honours `Idempotency-Key`, writes are repeated too",
    _config.ENV_LOG: "`debug`, `info`, `warning` or `error`: log to stderr",
    _config.ENV_OTEL: "`1`: one OpenTelemetry span a call (needs `isa-user[otel]`)",
}
ARGUMENTS: Mapping[str, str] = {
    "base_url": "where the service is",
    "token": "the token, or a function, sync or async, that fetches one",
    "timeout": "seconds for one attempt as a whole",
    "deadline": "seconds for the call with all attempts and pauses",
    "max_retries": "attempts after the first",
    "idempotent_server": "whether writes may be repeated like reads",
    "default_headers": "sent with every call",
    "http_client": "your own `httpx` client; you close it",
    "subscription_url": "`PaymentClient` and the facades: where `create_subscription` goes",
}


def environment() -> str:
    """The variables that the SDK reads when a client is made."""
    return table(("variable", "what it sets"), ((f"`{name}`", what) for name, what in VARIABLES.items()))


def arguments() -> str:
    """What a client takes."""
    given = {**_defaults(PaymentClient), **_defaults(IsaUser)}
    return table(
        ("argument", "default", "what it sets"),
        ((f"`{name}`", f"`{given[name]!r}`", ARGUMENTS[name]) for name in given),
    )


def server_options() -> str:
    """What `isa-mockserver serve` takes."""
    return table(("option", "default", "variable", "what it does"), _options())


def _options() -> Iterator[tuple[str, str, str, str]]:
    context = click.Context(serve)
    for option in serve.get_params(context):
        if not isinstance(option, click.Option) or "--help" in option.opts:
            continue
        hint = "" if option.is_flag else f" {_hint(option.make_metavar(context))}"
        default = f"`{option.default}`" if option.show_default and option.default is not None else ""
        variable = f"`{option.envvar}`" if option.envvar else ""
        yield f"`{option.opts[0]}{hint}`", default, variable, option.help or ""


def _hint(metavar: str) -> str:
    """`[demo|none]` without the bars that a table's cell cannot hold."""
    return metavar.strip("[]").replace("|", "/")


def _defaults(cls: type) -> dict[str, object]:
    parameters = inspect.signature(cls).parameters.values()
    return {each.name: each.default for each in parameters if each.name != "self"}
