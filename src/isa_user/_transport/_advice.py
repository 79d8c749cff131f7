"""What can be done about a connection that could not be made, where the reason is known."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import httpx

__all__ = ["start_advice", "tls_advice"]

# OpenSSL's reasons, of older and newer versions, for an answer that is not TLS at all.
_NO_TLS: Final = frozenset({"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"})


def tls_advice(error: BaseException, origin: str) -> str | None:
    """What to change where no TLS connection will ever be made; None where another attempt may help."""
    if not isinstance(error, httpx.ConnectError):
        return None
    found = next((cause for cause in _causes(error) if isinstance(cause, ssl.SSLError)), None)
    if isinstance(found, ssl.SSLCertVerificationError):
        return (
            "The server's certificate is not trusted: check the host's name, or pass an http_client that "
            "knows the authority (httpx.Client(verify=...))."
        )
    if found is not None and found.reason in _NO_TLS:
        return (
            "That port speaks no TLS: check it, or where plain HTTP is meant, use "
            f"{origin.replace('https://', 'http://', 1)} as the base URL."
        )
    return None


def start_advice(error: BaseException, origin: str) -> str | None:
    """How to start the server that is not there, where it would run on this machine."""
    if not isinstance(error, httpx.ConnectError) or not _is_here(urlsplit(origin).hostname or ""):
        return None
    return "Is the service running, and on that port? The reference server starts with: isa-mockserver"


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__
