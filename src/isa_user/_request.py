"""Pure: operation row + arguments + options -> one call, and one call + token -> one request."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from itertools import chain
from typing import Any, TypeVar
from uuid import UUID

from isa_user._arguments import body_bytes, fill_path, query_string
from isa_user._call import Call
from isa_user._config import ClientConfig
from isa_user._headers import base_headers, bearer, encode_headers, idempotency_key_bytes
from isa_user._operations import Operation
from isa_user._wire import WireRequest
from isa_user.errors import InvalidArgumentError
from isa_user.errors._secret import guarded

__all__ = ["prepare", "wire_request"]

T_co = TypeVar("T_co", covariant=True)

_READ_OPTIONS = frozenset({"token", "timeout", "deadline", "max_retries", "extra_headers"})
_WRITE_OPTIONS = _READ_OPTIONS | {"idempotency_key"}
_KEY_HEADER = b"idempotency-key"
_NOTHING: Mapping[str, Any] = {}
# What other payment SDKs call it; names that are merely misspelt are found without a row.
_ALSO_CALLED: Mapping[str, str] = {
    "after": "created_after",
    "before": "created_before",
    "customer": "customer_id",
    "end_date": "created_before",
    "headers": "extra_headers",
    "page_size": "limit",
    "payment_intent": "payment_intent_id",
    "payment_method": "payment_method_id",
    "per_page": "limit",
    "plan": "plan_id",
    "since": "created_after",
    "start_date": "created_after",
    "starting_after": "cursor",
    "to": "to_user_id",
    "trial_period_days": "trial_days",
    "until": "created_before",
}


def prepare(
    operation: Operation[T_co],
    config: ClientConfig,
    options: Mapping[str, Any],
    path: Mapping[str, Any] = _NOTHING,
    query: Mapping[str, Any] = _NOTHING,
    body: Mapping[str, Any] | None = None,
    *,
    new_key: Callable[[], str],
) -> Call[T_co]:
    """Build a call; whatever is wrong with the arguments is refused here, before anything is sent.

    Raises InvalidArgumentError, and TypeError for an argument that the method does not have.
    """
    if options:
        _check_names(operation, options, path, query, body or {})
    base_url = config.urls[operation.service]
    bodiless = operation.method in ("GET", "DELETE")
    content = b"" if bodiless else body_bytes(body or {}, operation.required)
    headers = _headers(base_url, config, options, content)
    key, own_key = _idempotency_key(operation, options, headers, new_key)
    url = base_url + fill_path(operation.path, path)
    url += query_string(query, operation.required if bodiless else ())
    settings = _settings(config, options) if options else config
    return Call(operation, settings, url, list(headers.items()), content, key, own_key)


def wire_request(call: Call[Any], token: str) -> WireRequest:
    """The request of one attempt."""
    return WireRequest(call.operation.method, call.url, [*call.headers, bearer(token)], call.body)


def _check_names(
    operation: Operation[Any], options: Mapping[str, Any], *arguments: Mapping[str, Any]
) -> None:
    """Raises TypeError for an option that there is not; ``arguments`` are what it may have meant."""
    allowed = _WRITE_OPTIONS if operation.safety == "write" else _READ_OPTIONS
    for name in options:
        if name not in allowed:
            hint = _meant(name, [*chain(*arguments), *sorted(allowed)])
            raise TypeError(f"{operation.name}() got an unexpected keyword argument {name!r}{hint}")


def _meant(name: str, known: Sequence[str]) -> str:
    also_called = _ALSO_CALLED.get(name)
    meant = [also_called] if also_called in known else get_close_matches(name, known, n=1)
    return f"; did you mean {meant[0]!r}?" if meant else ""


def _settings(config: ClientConfig, options: Mapping[str, Any]) -> ClientConfig:
    return replace(
        config,
        token=config.token if options.get("token") is None else guarded(options["token"], "token"),
        timeout_s=_seconds(options, "timeout", config.timeout_s),
        deadline_s=_seconds(options, "deadline", config.deadline_s),
        max_retries=_count(options, "max_retries", config.max_retries),
    )


def _headers(
    base_url: str, config: ClientConfig, options: Mapping[str, Any], content: bytes
) -> dict[bytes, bytes]:
    # Later ones win: a call's header replaces the client's, and that the SDK's own.
    headers = dict(base_headers(base_url))
    if config.default_headers:
        headers.update(encode_headers(config.default_headers, source="default_headers"))
    if extra := options.get("extra_headers"):
        headers.update(encode_headers(extra, source="extra_headers"))
    if content:
        headers[b"content-type"] = b"application/json"
        headers[b"content-length"] = b"%d" % len(content)
    return headers


def _idempotency_key(
    operation: Operation[Any],
    options: Mapping[str, Any],
    headers: dict[bytes, bytes],
    new_key: Callable[[], str],
) -> tuple[str | None, bool]:
    """Settle the key and put it into the headers: the argument, the caller's own header, a new one.

    Also tells whether the caller chose it.
    """
    if operation.safety != "write":
        return None, False
    own = headers.pop(_KEY_HEADER, None)
    given = options.get("idempotency_key")
    if given is None and own is not None:
        given = own.decode("latin-1")
    if given is None:
        key = new_key()
        headers[_KEY_HEADER] = key.encode()
        return key, False
    key = str(given) if isinstance(given, UUID) else given
    headers[_KEY_HEADER] = idempotency_key_bytes(key)
    return key, True


def _seconds(options: Mapping[str, Any], name: str, default: Any) -> Any:
    value = options.get(name)
    if value is None:
        return default
    numeric = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not numeric or not math.isfinite(value) or value <= 0:
        raise InvalidArgumentError(f"{name} must be a finite number of seconds above 0.", param=name)
    return float(value)


def _count(options: Mapping[str, Any], name: str, default: int) -> int:
    value = options.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InvalidArgumentError(f"{name} must be an int, 0 or more.", param=name)
    return value
