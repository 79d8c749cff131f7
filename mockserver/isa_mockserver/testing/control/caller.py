"""From a control call to an HTTP request, and from the answer to a document or an error; no I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter, ValidationError

from isa_mockserver.web.sandboxes import SANDBOX_HEADER

from .calls import CALLS
from .errors import ControlError, ControlRefusedError, ControlUnreachableError

DEFAULT_URL = "http://localhost:8200"
"""The gateway, where it is documented."""

Document = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom to call, as whom, in which sandbox, and how many seconds to wait for each piece of an answer."""

    url: str
    token: str | None = field(default=None, repr=False)
    sandbox: str | None = None
    timeout_s: float = 60.0

    @property
    def options(self) -> dict[str, Any]:
        """What an httpx client is made with: no proxy stands between a test and its server."""
        return {"trust_env": False, "timeout": self.timeout_s, "verify": self.url.startswith("https")}

    def request(
        self, operation: str, path: Mapping[str, str], body: Any, query: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The arguments of httpx's `request`; bytes are sent as they are, anything else as JSON."""
        call = CALLS[operation]
        where = call.path.format(**{name: quote(value, safe="") for name, value in path.items()})
        content = {"content": body} if isinstance(body, bytes) else {"json": body}
        return {
            "method": call.method,
            "url": f"{self.url.rstrip('/')}{where}",
            "headers": self._headers(has_body=body is not None),
            "params": given(query) or None,
            **({} if body is None else content),
        }

    @contextmanager
    def told(self) -> Iterator[None]:
        """Turn what keeps an answer away into one sentence.

        Raises:
            ControlUnreachableError: nobody listens there.
            ControlError: the address is none, or no answer came back.
        """
        try:
            yield
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            raise ControlError(f"{self.url!r} is not the address of a server.", self.url) from None
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise ControlUnreachableError(
                f"No server answers at {self.url}; start one with `isa-mockserver`, or give the address of "
                "its gateway.",
                self.url,
            ) from error
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise ControlError(f"{self.url} did not answer: {reason}.", self.url) from error

    def document(self, answer: httpx.Response) -> Document:
        """The JSON object of an answer; empty where it has no body.

        Raises:
            ControlRefusedError: it is a problem document.
            ControlError: the answer is not one of this server.
        """
        if answer.status_code == httpx.codes.NO_CONTENT:
            return {}
        try:
            document = answer.json()
            if answer.is_success and isinstance(document, dict):
                return document
            error = ControlRefusedError.of(answer.status_code, document, self.url)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise self.not_ours() from None
        raise error

    def read(self, type_: Any, document: Any) -> Any:
        """What an answer says, as `type_`; parts that this client does not know are left out.

        Raises:
            ControlError: the answer is not one of this server.
        """
        try:
            return _reader(type_).validate_python(document)
        except ValidationError:
            raise self.not_ours() from None

    def not_ours(self) -> ControlError:
        """Something else than this server listens there."""
        return ControlError(f"{self.url} answered, but not as an isa-mockserver does.", self.url)

    def _headers(self, *, has_body: bool) -> dict[str, str]:
        headers = {"Content-Type": "application/json"} if has_body else {}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        if self.sandbox is not None:
            headers[SANDBOX_HEADER] = self.sandbox
        return headers


def given(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are not None."""
    return {name: value for name, value in fields.items() if value is not None}


@cache
def _reader(type_: Any) -> TypeAdapter[Any]:
    return TypeAdapter(type_)
