"""From options to a running server."""

from __future__ import annotations

import json
import sys

from isa_mockserver.app import Application, build
from isa_mockserver.webhooks.model import ENDPOINTS

from .banner import banner
from .options import ServeOptions, settings_of
from .server import run
from .sockets import listen


def start(options: ServeOptions, *, print_ports: bool = False) -> None:
    """Serve until SIGINT or SIGTERM.

    When it is ready it prints the banner, or with `print_ports` one line of JSON: service -> port.

    Raises:
        OptionError: the options do not go together.
        CannotListenError: a port is taken, or the host is not an address of this machine.
    """
    settings = settings_of(options)
    listening = listen(options.host, options.ports)
    try:
        application = build(settings)
        ports = listening.ports
        text = json.dumps(dict(ports)) if print_ports else banner(options, ports, _webhooks(application))
        run(application, listening, lambda: _say(text))
    finally:
        listening.close()


def _webhooks(application: Application) -> list[tuple[str, str]]:
    endpoints = application.runtime.world.tables[ENDPOINTS.name].rows.values()
    return [(endpoint.url, endpoint.secret) for endpoint in endpoints]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
