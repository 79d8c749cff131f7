"""Who may drive the control API: the machine's own user, and no web page (mockserver page, Control API).

On a loopback address the control API asks for no token, so a page in the user's browser could call it, also
by a name that it lets resolve to 127.0.0.1 (DNS rebinding). Hence every request must name this machine in
`Host`, and one that a browser sends for another site is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import ip_address

from isa_mockserver.kernel.errors import DomainError

from .wire import RawHeaders

_AUTHORITY = re.compile(
    r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::(?P<port>\d{1,5}))?", re.ASCII
)
_SITES_OF_OUR_OWN = frozenset({"same-origin", "same-site", "none"})


def check_local(headers: RawHeaders, allowed_hosts: Collection[str] = ()) -> None:
    """Refuse a request with a foreign or missing `Host`, or one that a browser sends for another site.

    `allowed_hosts` are names, in lower case, that count as this machine beside the loopback ones.

    Raises:
        DomainError: `forbidden_host`.
    """
    hosts = _values(headers, b"host")
    if len(hosts) != 1 or not is_own_name(hosts[0], allowed_hosts):
        raise DomainError(
            "forbidden_host",
            "The control API answers only to loopback names such as localhost; "
            "allow another name with --allow-host.",
        )
    for origin in _values(headers, b"origin"):
        scheme, separator, authority = origin.partition("://")
        if scheme not in ("http", "https") or not separator or not is_own_name(authority, allowed_hosts):
            raise _cross_site()
    if any(site not in _SITES_OF_OUR_OWN for site in _values(headers, b"sec-fetch-site")):
        raise _cross_site()


def host_of(authority: str) -> str | None:
    """The name or address in `host`, `host:port` or `[v6]:port`, in lower case; None for another text."""
    match = _AUTHORITY.fullmatch(authority)
    if match is None or int(match["port"] or 0) > 65_535:
        return None
    return (match["v6"] or match["name"]).lower()


def is_own_name(authority: str, allowed_hosts: Collection[str]) -> bool:
    """Whether `authority` names this machine: by a loopback name or address, or one of `allowed_hosts`."""
    host = host_of(authority)
    return host is not None and (host == "localhost" or host in allowed_hosts or _is_loopback_address(host))


def _cross_site() -> DomainError:
    return DomainError("forbidden_host", "The control API does not answer to pages of other sites.")


def _is_loopback_address(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _values(headers: RawHeaders, name: bytes) -> list[str]:
    return [value.decode("latin-1").strip() for key, value in headers if key.lower() == name]
