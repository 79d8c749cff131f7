"""Faults as JSON and as the header `Isa-Mock-Fault`: one schema for both, and for `faults.add`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field, StrictInt, StrictStr

from isa_mockserver.kernel.errors import CODES, DomainError, Failure
from isa_mockserver.web.fields import Check, RequestBody, refuse
from isa_mockserver.web.suggest import suggestion
from isa_mockserver.web.validation import validate

from .model import DEFAULT_BURST, DEFAULT_PER_S, EFFECTS, OPTIONS, Effect, Fault, Match

FAULT_HEADER = "Isa-Mock-Fault"
MAX_LATENCY_S = 600
MAX_RETRY_AFTER_S = 86_400

Operations = Mapping[str, frozenset[str]]
"""Service -> its operations; empty where they are not known."""

_NUMBER = re.compile(r"-?\d{1,12}", re.ASCII)
_DECIMAL = re.compile(r"\d{1,12}\.\d{1,6}", re.ASCII)


def _known_code(code: str) -> str:
    if code not in CODES:
        raise refuse("invalid_value", "is not a stable code of the errors table")
    return code


class NewMatch(RequestBody):
    """Which requests; without a field, any."""

    service: StrictStr | None = None
    operation: StrictStr | None = None
    user: StrictStr | None = None
    nth: Annotated[StrictInt, Field(ge=1)] = 1


class NewFault(RequestBody):
    """A fault to arm. `effect` may be left out where `status` or `latency_s` say it."""

    match: NewMatch = Field(default_factory=NewMatch)
    effect: Effect | None = None
    times: Annotated[StrictInt, Field(ge=1)] | None = None
    probability: Annotated[float, Field(gt=0, le=1)] = 1.0
    seed: StrictInt = 0
    latency_s: Annotated[float, Field(ge=0, le=MAX_LATENCY_S)] = 0.0
    status: Annotated[StrictInt, Field(ge=400, le=599)] | None = None
    code: Annotated[StrictStr, Check(_known_code, "invalid_value", enum=list(CODES))] | None = None
    retry_after_s: Annotated[StrictInt, Field(ge=0, le=MAX_RETRY_AFTER_S)] | None = None
    burst: Annotated[StrictInt, Field(ge=0, le=1_000_000)] = DEFAULT_BURST
    per_s: Annotated[float, Field(gt=0, le=1_000_000)] = DEFAULT_PER_S


def read_fault(document: Mapping[str, Any], operations: Operations) -> Fault:
    """The fault that the document describes; it strikes once, a rate limit without end, unless it says so.

    Raises:
        DomainError: a validation failure, with every field that is wrong.
    """
    asked = validate(NewFault, document, refuse_unknown=True)
    return fault_of(asked, operations)


def fault_of(asked: NewFault, operations: Operations) -> Fault:
    """The fault that a parsed body asks for.

    Raises:
        DomainError: `invalid_value` for fields that do not go together, or an operation that there is not.
    """
    effect = asked.effect or _implied(asked)
    failures = [*_misplaced(asked, effect), *_unknown(asked.match, operations)]
    if failures:
        raise DomainError.of_failures(failures)
    once = None if effect == "rate_limit" else 1
    return Fault(
        effect=effect,
        match=Match(asked.match.service, asked.match.operation, asked.match.user, asked.match.nth),
        times=asked.times if "times" in asked.model_fields_set else once,
        probability=asked.probability,
        seed=asked.seed,
        latency_s=asked.latency_s,
        status=asked.status,
        code=asked.code,
        retry_after_s=asked.retry_after_s,
        burst=asked.burst,
        per_s=asked.per_s,
    )


def fault_of_header(text: str) -> Fault:
    """The fault of one request: `drop_after_commit`, `latency_s=2.5`, `status=503; retry_after_s=1`.

    Raises:
        DomainError: `invalid_value`; the parameter is the header.
    """
    try:
        return read_fault(_document_of_header(text), {})
    except DomainError as error:
        raise DomainError.of_failures([_bad_header(error.detail)]) from None


def _document_of_header(text: str) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for part in text.split(";"):
        name, separator, value = (piece.strip() for piece in part.partition("="))
        if not separator and "effect" not in document:
            document["effect"] = name
        elif name in document or not separator:
            raise DomainError.of_failures([_bad_header(f"'{part.strip()}' is one too many.")])
        else:
            document[name] = _value(value)
    return document


def _value(text: str) -> int | float | str:
    if _NUMBER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


def _bad_header(detail: str) -> Failure:
    return Failure(FAULT_HEADER, "invalid_value", f"{detail} Send an effect and its options: status=503.")


def _implied(asked: NewFault) -> str:
    if asked.status is not None or asked.code is not None:
        return "status"
    return "latency"


def _misplaced(asked: NewFault, effect: str) -> Sequence[Failure]:
    given = asked.model_fields_set
    own = frozenset[str]().union(*OPTIONS.values())
    found = [
        Failure(name, "invalid_value", f"'{name}' has no meaning with the effect '{effect}'.")
        for name in sorted(given & own - OPTIONS.get(effect, frozenset()))
    ]
    if effect == "latency" and not asked.latency_s:
        found.append(Failure("effect", "missing_field", f"Give an effect: {', '.join(EFFECTS)}."))
    if asked.code and asked.status and CODES[asked.code][0] != asked.status:
        found.append(Failure("status", "invalid_value", f"'{asked.code}' is answered with another status."))
    return found


def _unknown(match: NewMatch, operations: Operations) -> Sequence[Failure]:
    if not operations:
        return ()
    if match.service is not None and match.service not in operations:
        return [Failure("match.service", "invalid_value", f"The services are {', '.join(operations)}.")]
    services = operations if match.service is None else (match.service,)
    known = {name for service in services for name in operations[service]}
    if match.operation is not None and match.operation not in known:
        hint = suggestion(match.operation, sorted(known)) or "; operations are called as the SDK's methods"
        words = f"There is no operation {match.operation[:80]!r}{hint}"
        return [Failure("match.operation", "invalid_value", words if hint.endswith("?") else f"{words}.")]
    return ()
