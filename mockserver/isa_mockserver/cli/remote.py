"""The running server, as the commands see it: its control API over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from isa_mockserver.web.visible import visible

_NEEDS_ADMIN = frozenset({"authentication_required", "invalid_token", "token_expired", "permission_denied"})
DEFAULT_URL = "http://localhost:8200"
TIMEOUT_S = 60.0

_SANDBOX_KEY = "isa_mockserver.sandbox"

Command = TypeVar("Command", bound=Callable[..., Any])


class Document(dict[str, Any]):
    """A JSON object that a server sent; a part that is missing shows that it is not ours."""

    def __init__(self, values: Mapping[str, Any], url: str) -> None:
        super().__init__(values)
        self._url = url

    def __missing__(self, key: str) -> Any:
        raise click.ClickException(f"{self._url} answered, but not as an isa-mockserver does.")


class Remote:
    """A running server's control API. Whatever goes wrong is one sentence (`click.ClickException`)."""

    def __init__(self, url: str, token: str | None, *, timeout_s: float = TIMEOUT_S) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._timeout_s = timeout_s

    def call(self, operation: str, *, body: Any = None, query: Any = None, **path: str) -> Document:
        """The JSON object that the call of that name answers with."""
        from isa_mockserver.testing.control import (  # here, for `serve` starts without it
            ControlError,
            ControlRefusedError,
            ControlUnreachableError,
            SyncMockControl,
        )

        control = SyncMockControl(
            self._url, token=self._token, sandbox=chosen_sandbox(), timeout_s=self._timeout_s
        )
        try:
            return Document(control.call(operation, path=path, body=body, query=query or {}), self._url)
        except ControlRefusedError as error:
            words = visible(error.detail)
            if error.code in _NEEDS_ADMIN:
                words += (
                    " Give --token: `isa-mockserver token operator --role admin --jwt-secret ...` makes one."
                )
            raise click.ClickException(words) from None
        except ControlUnreachableError as error:
            raise click.ClickException(f"{str(error).removesuffix('.')} with --url.") from None
        except ControlError as error:
            raise click.ClickException(str(error)) from None


def remote_options(command: Command) -> Command:
    """The options of every command that talks to a running server: `url`, `token` and `as_json`.

    The sandbox is no argument of the command: `Remote` sends it by itself.
    """
    for option in (json_option, _SANDBOX, _TOKEN, _URL):
        command = option(command)
    return command


def _with_scheme(ctx: click.Context, param: click.Parameter, url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise click.ClickException(f"{url!r} is not the address of a server: begin it with http://")
    return url


def _keep_sandbox(ctx: click.Context, param: click.Parameter, name: str | None) -> None:
    ctx.meta[_SANDBOX_KEY] = name


def chosen_sandbox() -> str | None:
    """The sandbox that the running command was told to talk to."""
    ctx = click.get_current_context(silent=True)
    return None if ctx is None else ctx.meta.get(_SANDBOX_KEY)


json_option = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
_URL = click.option(
    "--url",
    default=DEFAULT_URL,
    envvar="ISA_MOCKSERVER_URL",
    callback=_with_scheme,
    show_default=True,
    show_envvar=True,
    help="The server's gateway.",
)
_SANDBOX = click.option(
    "--sandbox",
    metavar="NAME",
    envvar="ISA_MOCKSERVER_SANDBOX",
    show_envvar=True,
    expose_value=False,
    callback=_keep_sandbox,
    help="The sandbox to talk to, instead of the default one.",
)
_TOKEN = click.option(
    "--token",
    envvar="ISA_MOCKSERVER_TOKEN",
    show_envvar=True,
    help="A token with the role admin, where the server verifies tokens.",
)
