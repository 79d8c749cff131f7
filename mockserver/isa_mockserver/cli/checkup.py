"""What `doctor` looks at: versions, ports, the configured service URLs, the clock."""

from __future__ import annotations

import os
import platform
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Literal
from urllib.parse import urlsplit

import click

from isa_mockserver.app import SERVICE_NAMES
from isa_mockserver.kernel.clock import parse_time, wall_now
from isa_mockserver.serve.banner import URL_VARIABLES
from isa_mockserver.serve.holder import holder_of
from isa_mockserver.serve.ports import DOCUMENTED, GATEWAY

from .output import clock_words
from .remote import Document, Remote

Level = Literal["ok", "note", "problem"]

_ALL_SERVICES = "ISA_USER_BASE_URL"
_LIBRARIES: Mapping[str, bool] = {
    "httpx": True,
    "pydantic": True,
    "starlette": True,
    "uvicorn": True,
    "httptools": True,
    "PyJWT": True,
    "uvloop": False,
    "pytest": False,
    "respx": False,
}
"""Distribution -> whether the server cannot do without it."""
_OWN_NAMES = frozenset({*SERVICE_NAMES.values(), GATEWAY})
_PATIENCE_S = 3.0
_CLOCKS_AGREE_WITHIN = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `words` say what was found, and what to do where it is a problem."""

    name: str
    level: Level
    words: str


def examine(url: str, token: str | None) -> list[Check]:
    """Look at everything; `url` and `token` are those of the server whose clock is looked at."""
    return [*_versions(), *_ports(), *_services(), *_gateway(url, token)]


def _versions() -> Iterator[Check]:
    yield Check("python", "ok", f"{platform.python_version()} on {platform.system()}")
    yield Check("isa-user", "ok", _version("isa-user") or "runs from source, not installed")
    for name, needed in _LIBRARIES.items():
        found = _version(name)
        if found is not None:
            yield Check(name, "ok", found)
        elif needed:
            yield Check(name, "problem", 'is missing; install it with: pip install "isa-user[mockserver]"')
        else:
            yield Check(name, "note", "is not installed; the server does without it")


def _ports() -> Iterator[Check]:
    for service, port in DOCUMENTED.items():
        name = f"port {port} ({service})"
        if not _is_taken(port):
            yield Check(name, "ok", "is free")
            continue
        health = _health(f"http://127.0.0.1:{port}")
        by = holder_of(port) or "another process"
        if health is not None and health.get("service") in _OWN_NAMES:
            yield Check(name, "ok", f"{health.get('service')} {health.get('version')} answers, {by}")
        else:
            yield Check(name, "problem", f"is in use by {by}; start with --port-offset 10000 instead")


def _services() -> Iterator[Check]:
    """What the SDK would call: only what the environment names, for the rest are the documented ports."""
    named = {_ALL_SERVICES: "all services"} | {
        variable: service for service, variable in URL_VARIABLES.items() if service != GATEWAY
    }
    for variable, service in named.items():
        if not (base := os.environ.get(variable, "").strip()):
            continue
        shown = _without_credentials(base)
        health = _health(base.rstrip("/"))
        if health is None:
            yield Check(variable, "problem", f"{shown} ({service}) does not answer GET /health")
        else:
            yield Check(variable, "ok", f"{health.get('service', service)} answers at {shown}")


def _gateway(url: str, token: str | None) -> Iterator[Check]:
    try:
        clock = Remote(url, token).call("get_clock")
        words, now = clock_words(clock), parse_time(clock["now"])
    except (click.ClickException, ValueError) as error:
        reason = error.message if isinstance(error, click.ClickException) else str(error)
        yield Check("clock", "note", f"is not known: {reason}")
        return
    apart = abs(now - wall_now())
    real = "real time" if apart <= _CLOCKS_AGREE_WITHIN else f"{apart} away from real time"
    yield Check("clock", "ok", f"{words}, {real}")


def _is_taken(port: int) -> bool:
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with suppress(OSError), socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(1.0)
            if probe.connect_ex((host, port)) == 0:
                return True
    return False


def _health(base: str) -> Document | None:
    try:
        return Remote(base, None, timeout_s=_PATIENCE_S).call("health")
    except click.ClickException:
        return None


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _without_credentials(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
