"""Ports, environment names, limits, and how a client's settings are resolved.

Explicit argument beats environment beats default; the environment is read when a client is made.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import SplitResult, urlsplit

from isa_user._plain_http import warn_about_plain_http
from isa_user.errors import ConfigurationError
from isa_user.errors._secret import guarded

__all__ = [
    "API_PREFIX",
    "PORTS",
    "VERSION",
    "ClientConfig",
    "Service",
    "flag",
    "make_config",
    "service_url",
    "sibling_subscription_url",
]

VERSION: Final = "0.1.0"
API_PREFIX: Final = "/api/v1"

Service = Literal["payment", "wallet", "billing", "subscription", "credit"]

PORTS: Final[Mapping[Service, int]] = {
    "payment": 8207,
    "wallet": 8208,
    "billing": 8216,
    "subscription": 8228,
    "credit": 8229,
}

DEFAULT_TIMEOUT_S: Final = 30.0
DEFAULT_MAX_RETRIES: Final = 2

ENV_TOKEN: Final = "ISA_USER_TOKEN"
ENV_BASE_URL: Final = "ISA_USER_BASE_URL"
ENV_IDEMPOTENT_SERVER: Final = "ISA_USER_IDEMPOTENT_SERVER"
ENV_LOG: Final = "ISA_USER_LOG"
ENV_OTEL: Final = "ISA_USER_OTEL"

_MAX_LABEL_CHARS: Final = 63

_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off"})

# The reference server's --port-offset; whole thousands, so that a gateway (8200 + offset) or a free
# port picked by the system is not taken for a payment port.
_PORT_OFFSETS: Final = frozenset({0, *range(10_000, 50_001, 1_000)})


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """The resolved settings of one client; times in seconds."""

    urls: Mapping[Service, str]
    token: Any = field(default=None, repr=False)
    timeout_s: float = DEFAULT_TIMEOUT_S
    deadline_s: float | None = None
    max_retries: int = DEFAULT_MAX_RETRIES
    idempotent_server: bool = False
    default_headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


def _env_url_name(service: Service) -> str:
    """The variable that holds one service's URL, such as ``ISA_USER_PAYMENT_URL``."""
    return f"ISA_USER_{service.upper()}_URL"


def service_url(
    service: Service, explicit: str | None = None, *, environ: Mapping[str, str] | None = None
) -> str:
    """Resolve a service's base URL: argument, its own variable, the gateway variable, localhost.

    Raises ConfigurationError when the URL found is not a plain http(s) URL.
    """
    env = os.environ if environ is None else environ
    if explicit is not None:
        return _clean_url(explicit, "base_url")
    for name in (_env_url_name(service), ENV_BASE_URL):
        if env.get(name):
            return _clean_url(env[name], name)
    return f"http://localhost:{PORTS[service]}"


def sibling_subscription_url(
    explicit: str | None, base_url: str | None, *, environ: Mapping[str, str] | None = None
) -> str:
    """Where PaymentClient.create_subscription goes (rules A1): always the same host unless told otherwise."""
    env = os.environ if environ is None else environ
    if explicit is not None:
        return _clean_url(explicit, "subscription_url")
    if base_url is None:
        for name in (_env_url_name("subscription"), ENV_BASE_URL):
            if env.get(name):
                return _clean_url(env[name], name)
    return _sibling_of_payment(service_url("payment", base_url, environ=env))


def _sibling_of_payment(payment_url: str) -> str:
    parts = urlsplit(payment_url)
    if parts.port is None or parts.port - PORTS["payment"] not in _PORT_OFFSETS:
        return payment_url
    port = parts.port - PORTS["payment"] + PORTS["subscription"]
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return parts._replace(netloc=f"{host}:{port}").geturl()


def _clean_url(url: str, source: str) -> str:
    if not isinstance(url, str):
        raise ConfigurationError(f"{source} must be a str, not {type(url).__name__}.")
    try:
        parts = urlsplit(url.strip())
    except ValueError as error:
        raise ConfigurationError(f"{source} is not a URL: {error}.") from None
    problem = _url_problem(parts)
    if problem:
        raise ConfigurationError(f"{source} {problem}")
    return parts.geturl().rstrip("/")


def _url_problem(parts: SplitResult) -> str | None:
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return (
            "must be an http:// or https:// URL with a host, such as http://localhost:8207 "
            "(a token is passed as token=)."
        )
    if not all(0 < len(label) <= _MAX_LABEL_CHARS for label in parts.hostname.rstrip(".").split(".")):
        return f"has a host with a part that is empty or longer than {_MAX_LABEL_CHARS} characters."
    if parts.username is not None or parts.password is not None:
        return "must not contain credentials; pass token= instead."
    if parts.query or parts.fragment:
        return "must not contain a query or a fragment."
    if parts.path.rstrip("/").endswith(API_PREFIX):
        return f"must end before {API_PREFIX}, which every call adds by itself."
    try:
        _ = parts.port
    except ValueError:
        return "has a port that is not a number from 0 to 65535."
    return None


def make_config(
    urls: Mapping[Service, str],
    *,
    token: Any,
    timeout: float,
    deadline: float | None,
    max_retries: int,
    idempotent_server: bool | None,
    default_headers: Mapping[str, str] | None,
    environ: Mapping[str, str] | None = None,
) -> ClientConfig:
    """Check and complete a client's settings (times in seconds).

    Raises ConfigurationError for a setting that cannot work; warns of an ``http://`` URL whose host may be
    on the public internet.
    """
    warn_about_plain_http(urls.values())
    env = os.environ if environ is None else environ
    return ClientConfig(
        urls=urls,
        token=guarded(token if token is not None else env.get(ENV_TOKEN) or None, "token"),
        timeout_s=_seconds(timeout, "timeout"),
        deadline_s=None if deadline is None else _seconds(deadline, "deadline"),
        max_retries=_count(max_retries, "max_retries"),
        idempotent_server=flag(ENV_IDEMPOTENT_SERVER, env)
        if idempotent_server is None
        else bool(idempotent_server),
        default_headers=dict(default_headers or {}),
    )


def _seconds(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ConfigurationError(f"{name} must be a number of seconds.")
    if not math.isfinite(value) or value <= 0:
        raise ConfigurationError(f"{name} must be a finite number of seconds above 0.")
    return float(value)


def _count(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ConfigurationError(f"{name} must be an int, 0 or more.")
    return value


def flag(name: str, environ: Mapping[str, str]) -> bool:
    """Whether a variable is switched on; raises ConfigurationError for any other word than yes or no."""
    text = environ.get(name, "").strip().lower()
    if text in _TRUE:
        return True
    if not text or text in _FALSE:
        return False
    raise ConfigurationError(f"{name} must be 1 or 0, not {text!r}.")
