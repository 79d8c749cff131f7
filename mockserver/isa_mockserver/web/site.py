"""Where a browser finds a page of this server: the absolute address of a path."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import urlencode

from .guard import is_own_name
from .sandboxes import DEFAULT

_FALLBACK = "localhost:8200"


class Site(NamedTuple):
    """How a request named this server, and in which sandbox it was.

    `host` is its `Host` header; `own_names` are the names, in lower case, that count as this machine beside
    the loopback ones.
    """

    host: str = _FALLBACK
    sandbox: str = DEFAULT
    own_names: Collection[str] = frozenset()

    def url(self, path: str) -> str:
        """The absolute address of `path`, in this sandbox.

        Where the request used a name that the control API does not answer to, such as a container's, the
        address is that of the same port on `localhost`.
        """
        query = "" if self.sandbox == DEFAULT else f"?{urlencode({'sandbox': self.sandbox})}"
        return f"http://{self._authority()}{path}{query}"

    def _authority(self) -> str:
        if is_own_name(self.host, self.own_names):
            return self.host
        port = self.host.rpartition(":")[2]
        return f"localhost:{int(port)}" if port.isascii() and port.isdecimal() else _FALLBACK
