"""One OpenTelemetry span a call, where ``ISA_USER_OTEL`` asks for it; the library is imported only then.

Names and attributes follow the semantic conventions of HTTP clients. A span never has a token, a key, a
secret or a body; its target is the path's template, without ids.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from isa_user._call import Call
from isa_user._config import ENV_OTEL, VERSION, flag
from isa_user._headers import encode_headers
from isa_user.errors import ConfigurationError, IsaError

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

    from isa_user._meta import ResponseInfo

__all__ = ["Traced", "Tracing", "tracing_from_env"]


class Traced:
    """A call inside its span."""

    def __init__(self, call: Call[Any], span: Span) -> None:
        self.call = call
        self._span = span

    def answered(self, info: ResponseInfo) -> None:
        """Note the answer."""
        self._note(info.status, info.attempts, info.request_id)

    def failed(self, error: BaseException) -> None:
        """Note how the call ended without an answer that could be used."""
        from opentelemetry.trace import StatusCode

        kind = type(error).__name__
        if isinstance(error, IsaError):
            self._note(error.status_code, error.attempts, error.request_id)
        self._span.set_attribute("error.type", kind)
        self._span.set_status(StatusCode.ERROR, kind)

    def _note(self, status: int | None, attempts: int, request_id: str | None) -> None:
        if status is not None:
            self._span.set_attribute("http.response.status_code", status)
        if request_id is not None:
            self._span.set_attribute("isa_user.request_id", request_id)
        if attempts > 1:
            self._span.set_attribute("http.request.resend_count", attempts - 1)


class Tracing:
    """Makes the spans of one client."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    @contextmanager
    def span(self, call: Call[Any]) -> Iterator[Traced]:
        """Run one call inside a span, and send the span's context along."""
        from opentelemetry.propagate import inject
        from opentelemetry.trace import SpanKind

        name = f"{call.operation.method} {call.operation.path}"
        with self._tracer.start_as_current_span(
            name,
            kind=SpanKind.CLIENT,
            attributes=_attributes(call),
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            carrier: dict[str, str] = {}
            inject(carrier)
            traced = Traced(_with_headers(call, carrier), span)
            try:
                yield traced
            except BaseException as error:
                traced.failed(error)
                raise


def _attributes(call: Call[Any]) -> dict[str, str | int]:
    parts = urlsplit(call.url)
    return {
        "http.request.method": call.operation.method,
        "isa_user.operation": f"{call.operation.service}.{call.operation.name}",
        "server.address": parts.hostname or "",
        "server.port": parts.port or (443 if parts.scheme == "https" else 80),
        "url.template": call.operation.path,
    }


def _with_headers(call: Call[Any], carrier: Mapping[str, str]) -> Call[Any]:
    own = {name for name, _ in call.headers}
    more = [pair for pair in encode_headers(carrier, source="trace context") if pair[0] not in own]
    return call._replace(headers=[*call.headers, *more])


def tracing_from_env(environ: Mapping[str, str] | None = None) -> Tracing | None:
    """Tracing where ``ISA_USER_OTEL`` is on, else None.

    Raises ConfigurationError where it is on and opentelemetry is not installed.
    """
    if not flag(ENV_OTEL, os.environ if environ is None else environ):
        return None
    try:
        from opentelemetry.trace import get_tracer
    except ImportError:
        raise ConfigurationError(f'{ENV_OTEL} needs opentelemetry: pip install "isa-user[otel]".') from None
    return Tracing(get_tracer("isa_user", VERSION))
