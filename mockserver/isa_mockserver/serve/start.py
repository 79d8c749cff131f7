"""From options to a running server."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING

from .banner import banner, kept_words
from .opening import Opening
from .options import OptionError, ServeOptions
from .server import run
from .sockets import Listening, listen

if TYPE_CHECKING:
    from isa_mockserver.app import Application

STOPPED = "Stopped; the state was in memory and is gone (--data FILE keeps it)"


def start(options: ServeOptions, *, print_ports: bool = False) -> None:
    """Serve until SIGINT or SIGTERM.

    When it is ready it prints the banner, or with `print_ports` one line of JSON: service -> port.

    Raises:
        OptionError: the options do not go together.
        CannotListenError: a port is taken, or the host is not an address of this machine.
        StateFileError: state cannot be kept in the file, or no longer.
        FixtureError: the seed is a file that describes no fixture.
    """
    if options.is_plain:
        with closing(listen(options.host, options.ports)) as listening:
            _serve(options, listening, Opening(options), print_ports=print_ports)
        return
    from isa_mockserver.app import build

    from .settings import settings_of

    settings = settings_of(options)
    with closing(listen(options.host, options.ports)) as listening, closing(build(settings)) as application:
        _check_id_seed(options, application)
        _serve(options, listening, application, print_ports=print_ports)


def _serve(
    options: ServeOptions, listening: Listening, application: Application | Opening, *, print_ports: bool
) -> None:
    ports = listening.ports
    text = json.dumps(dict(ports)) if print_ports else _banner(options, ports, application)
    run(application, listening, lambda: _say(text))
    if application.archive is not None:
        application.archive.check()
    if not print_ports:
        _say(STOPPED if application.archive is None else f"Stopped; the state is in {options.data}")


def _check_id_seed(options: ServeOptions, application: Application) -> None:
    kept = application.runtime.world.ids.id_seed
    if options.id_seed not in (None, kept):
        raise OptionError(
            f"The ids in {options.data} derive from the seed {kept}, not from {options.id_seed}: leave "
            "--id-seed out, or name another file."
        )


def _banner(options: ServeOptions, ports: Mapping[str, int], application: Application | Opening) -> str:
    return banner(options, ports, _webhooks(application), kept_words(application.archive, options))


def _webhooks(application: Application | Opening) -> list[tuple[str, str]]:
    if isinstance(application, Opening):
        return []
    from isa_mockserver.webhooks.model import ENDPOINTS

    endpoints = application.runtime.world.tables[ENDPOINTS.name].rows.values()
    return [(endpoint.url, endpoint.secret) for endpoint in endpoints]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
