"""What the server prints when it is ready: addresses, a token and a command to paste, and what is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from isa_mockserver.naming import GATEWAY, SERVICE_NAMES
from isa_mockserver.version import server_version

from .options import ServeOptions
from .ports import DOCUMENTED

if TYPE_CHECKING:
    from isa_mockserver.persist.archive import Archive

TOKEN_USER = "user_456"

_CALLED: Mapping[str, str] = {"127.0.0.1": "localhost", "0.0.0.0": "127.0.0.1", "::": "localhost"}
"""Address that the server listens on -> what a client on this machine calls it."""

URL_VARIABLES: Mapping[str, str] = {
    "payments": "ISA_USER_PAYMENT_URL",
    "wallets": "ISA_USER_WALLET_URL",
    "billing": "ISA_USER_BILLING_URL",
    "subscriptions": "ISA_USER_SUBSCRIPTION_URL",
    "credits": "ISA_USER_CREDIT_URL",
    GATEWAY: "ISA_MOCKSERVER_URL",
}
"""Service -> the variable by which the SDK (for the gateway: the command line) finds it elsewhere."""


IN_MEMORY = "State is kept in memory: it is gone when the server stops"


def banner(
    options: ServeOptions,
    ports: Mapping[str, int],
    webhooks: Iterable[tuple[str, str]] = (),
    kept: str = IN_MEMORY,
) -> str:
    """The whole text, for the ports that are really open.

    `webhooks` are addresses with their secrets; `kept` says where state is.
    """
    last = _last_lines(options, base_url(options.host, ports[GATEWAY]))
    return "\n".join([*_lines(options, ports, kept), *_webhook_lines(webhooks), *last])


def kept_words(archive: Archive | None, options: ServeOptions) -> str:
    """Where state is kept, how much was found there, and which options therefore say nothing."""
    if archive is None:
        return IN_MEMORY
    loaded = archive.loaded
    if loaded is None:
        return f"State is kept in {archive.place} (new)"
    counts = f"{loaded.users} users, {loaded.records} records, {loaded.events} events"
    others = f", {loaded.sandboxes} sandboxes" if loaded.sandboxes > 1 else ""
    words = f"State is kept in {archive.place} (loaded: {counts}{others})"
    given = {"--clock": options.clock is not None, "--seed": options.seed != "demo"}
    ignored = " and ".join(name for name, there in given.items() if there)
    return f"{words}\n{ignored} ignored: the file goes on from its own start" if ignored else words


def base_url(host: str, port: int) -> str:
    """The address under which a client on this machine reaches the port."""
    name = _CALLED.get(host, host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _lines(options: ServeOptions, ports: Mapping[str, int], kept: str) -> Iterator[str]:
    urls = {service: base_url(options.host, port) for service, port in ports.items()}
    yield f"isa-mockserver {server_version()} is ready"
    yield kept
    yield ""
    for service, name in SERVICE_NAMES.items():
        yield f"  {name:<22}{urls[service]}"
    yield f"  {'gateway (all five)':<22}{urls[GATEWAY]}"
    yield from _moved(urls, ports)
    yield ""
    yield from _how_to_call(options, urls)


def _webhook_lines(webhooks: Iterable[tuple[str, str]]) -> Iterator[str]:
    for url, secret in webhooks:
        yield f"Webhooks go to {url}, signed with {secret}"


def _last_lines(options: ServeOptions, gateway: str) -> Iterator[str]:
    yield f"All calls are at {gateway}/docs; `isa-mockserver requests` shows what was asked"
    yield "`isa-mockserver reset` starts over; Ctrl-C stops"
    if options.is_remote and options.auth == "dev":
        yield "WARNING: development tokens are accepted from any address; who reaches these ports is any user"


def _moved(urls: Mapping[str, str], ports: Mapping[str, int]) -> Iterator[str]:
    """How clients find services that are not where the documentation says."""
    moved = [service for service in URL_VARIABLES if ports[service] != DOCUMENTED[service]]
    if moved:
        yield ""
    for service in moved:
        yield f"export {URL_VARIABLES[service]}={urls[service]}"


def _how_to_call(options: ServeOptions, urls: Mapping[str, str]) -> Iterator[str]:
    if options.auth == "dev":
        yield "A token is the user's name, as in a first call:"
        yield f"export ISA_USER_TOKEN={TOKEN_USER}"
        yield f'curl {urls["wallets"]}/api/v1/wallets/me -H "Authorization: Bearer {TOKEN_USER}"'
    elif options.jwt_secret is not None:
        yield "Tokens are verified; `isa-mockserver token USER --jwt-secret ...` makes one"
    else:
        yield "Tokens are verified; their issuer makes them"
