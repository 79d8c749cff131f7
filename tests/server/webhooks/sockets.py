"""A receiver's app on a real socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from uvicorn import Config, Server


@contextmanager
def listening(app: Any) -> Iterator[str]:
    """Serve the app in a thread until the block ends; gives its base URL."""
    with socket.socket() as open_socket:
        open_socket.bind(("127.0.0.1", 0))
        open_socket.listen()
        server = Server(Config(app, log_config=None, access_log=False, lifespan="off", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [open_socket]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{open_socket.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
