"""The running server, as the commands see it: its control API over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from isa_mockserver.web.sandboxes import SANDBOX_HEADER

DEFAULT_URL = "http://localhost:8200"
TIMEOUT_S = 60.0
_NO_CONTENT = 204

_SANDBOX_KEY = "isa_mockserver.sandbox"

Command = TypeVar("Command", bound=Callable[..., Any])


def not_ours(url: str) -> click.ClickException:
    """Something else than an isa-mockserver listens there."""
    return click.ClickException(f"{url} answered, but not as an isa-mockserver does.")


class Document(dict[str, Any]):
    """A JSON object that a server sent; a part that is missing shows that it is not ours."""

    def __init__(self, values: Mapping[str, Any], url: str) -> None:
        super().__init__(values)
        self._url = url

    def __missing__(self, key: str) -> Any:
        raise not_ours(self._url)


class Remote:
    """A running server's control API. Whatever goes wrong is one sentence (`click.ClickException`)."""

    def __init__(self, url: str, token: str | None, *, timeout_s: float = TIMEOUT_S) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._timeout_s = timeout_s

    def call(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Document:
        """The answer's JSON object."""
        import httpx  # here, for `serve` starts without it

        headers = _sandbox_header()
        if self._token is not None:
            headers["Authorization"] = f"Bearer {self._token}"
        if content is not None:
            headers["Content-Type"] = "application/json"
        try:
            with httpx.Client(timeout=self._timeout_s, trust_env=False) as client:
                answer = client.request(
                    method, f"{self._url}{path}", json=json, content=content, params=params, headers=headers
                )
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            raise click.ClickException(f"{self._url!r} is not the address of a server.") from None
        except httpx.ConnectError:
            raise click.ClickException(
                f"No server answers at {self._url}; start one with `isa-mockserver`, "
                "or give the address of its gateway with --url."
            ) from None
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise click.ClickException(f"{self._url} did not answer: {reason}.") from None
        return self._document(answer)

    def _document(self, answer: Any) -> Document:
        if answer.status_code == _NO_CONTENT:
            return Document({}, self._url)
        try:
            document = Document(answer.json(), self._url)
            detail = "" if answer.is_success else str(document["detail"])
        except (ValueError, TypeError):
            raise not_ours(self._url) from None
        if detail:
            raise click.ClickException(detail)
        return document


def remote_options(command: Command) -> Command:
    """The options of every command that talks to a running server: `url`, `token` and `as_json`.

    The sandbox is no argument of the command: `Remote` sends it by itself.
    """
    for option in (json_option, _SANDBOX, _TOKEN, _URL):
        command = option(command)
    return command


def _keep_sandbox(ctx: click.Context, param: click.Parameter, name: str | None) -> None:
    ctx.meta[_SANDBOX_KEY] = name


def _sandbox_header() -> dict[str, str]:
    ctx = click.get_current_context(silent=True)
    name = None if ctx is None else ctx.meta.get(_SANDBOX_KEY)
    return {} if name is None else {SANDBOX_HEADER: name}


json_option = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
_URL = click.option(
    "--url",
    default=DEFAULT_URL,
    envvar="ISA_MOCKSERVER_URL",
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
