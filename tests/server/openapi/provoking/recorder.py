"""Sends requests to one server and keeps what each operation answered."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from isa_mockserver.app import Application
from isa_mockserver.testing.inprocess import ask
from tests.server.openapi.subject import GATEWAY_URL, application, document, token
from tests.server.openapi.things import ids_of, things_in

DOCUMENT = document(application(), "gateway")
"""What the gateway says of all calls."""

UNSAID = frozenset({"content-type", "content-length"})
"""Headers that OpenAPI leaves to the media type and to HTTP."""


@dataclass(frozen=True)
class Described:
    """One operation of the document."""

    id: str
    method: str
    path: str
    raw: Mapping[str, Any]

    @property
    def service(self) -> str:
        return str(self.raw["tags"][0])

    @property
    def keyed(self) -> bool:
        """Whether it takes an Idempotency-Key."""
        return {"$ref": "#/components/parameters/IdempotencyKey"} in self.raw.get("parameters", ())

    @property
    def path_parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    @property
    def has_body(self) -> bool:
        return "requestBody" in self.raw

    @property
    def body(self) -> dict[str, Any] | None:
        """The document's example of a body; an empty one where there is none."""
        if not self.has_body:
            return None
        examples = self.raw["requestBody"]["content"]["application/json"].get("examples", {})
        wanted = examples.get("example") or examples.get("page") or {"value": {}}
        return dict(wanted["value"])

    @property
    def misspelt(self) -> dict[str, Any] | None:
        """The example with a field that there is not, which services warn of and the control API refuses."""
        return None if self.body is None else {**self.body, "ammount": 1}

    @property
    def query_names(self) -> list[str]:
        return [each["name"] for each in self.raw.get("parameters", ()) if each.get("in") == "query"]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"{\w+}", "[^/]+", self.path))


OPERATIONS: Mapping[str, Described] = {
    raw["operationId"]: Described(raw["operationId"], method.upper(), path, raw)
    for path, methods in DOCUMENT["paths"].items()
    for method, raw in methods.items()
}
_BY_SPECIFICITY = sorted(
    OPERATIONS.values(), key=lambda each: [part[:1] == "{" for part in each.path.split("/")]
)


def operation_at(method: str, path: str) -> Described:
    """The operation that a request is for; fixed segments come before parameters (rules 10)."""
    return next(each for each in _BY_SPECIFICITY if each.method == method and each.pattern.fullmatch(path))


class Answer(NamedTuple):
    """One answer, its body read."""

    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]


@dataclass
class Seen:
    """What operations answered: (operation, status, code; None for a success), and with which headers."""

    outcomes: set[tuple[str, int, str | None]] = field(default_factory=set)
    headers: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))

    def take(self, operation: str, answer: Answer) -> None:
        self.outcomes.add(
            (operation, answer.status, answer.body.get("code") if answer.status >= 400 else None)
        )
        self.headers[operation, answer.status] |= answer.headers.keys() - UNSAID


class Recorder:
    """One server with one of everything, as `user_456` who is an admin too."""

    def __init__(self, seen: Seen, made: Application | None = None) -> None:
        self.seen = seen
        self.made = made or application()
        self._keys = 0

    @cached_property
    def ids(self) -> Mapping[str, tuple[str, ...]]:
        """Path parameter -> ids that lead somewhere."""
        return things_in(self.made)

    def path_of(self, operation: Described) -> str:
        """The operation's path to something that exists, with the query that it needs."""
        known = {name: ids_of(operation.path, name, self.ids)[0] for name in operation.path_parameters}
        needed = {"billing_get_usage": "?metric=api_calls", "billing_get_quota": "?metric=api_calls"}
        return operation.path.format(**known) + needed.get(operation.id, "")

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        user: str = "user_456",
        roles: tuple[str, ...] = ("admin",),
        headers: Mapping[str, str | None] | None = None,
        of: Described | None = None,
    ) -> Answer:
        """One request, kept under the operation `of`, else under that of its method and path.

        A header that is None is left out; a body of bytes is sent as it is. What takes a key gets one, and is
        sent again under it.
        """
        operation = of or operation_at(method, path.partition("?")[0])
        usual = {"Content-Type": "application/json", "Authorization": f"Bearer {token(user, *roles)}"}
        if operation.keyed:
            self._keys += 1
            usual["Idempotency-Key"] = f"key-{self._keys}"
        sent = {name: value for name, value in {**usual, **(headers or {})}.items() if value is not None}
        answer = self._exchange(operation, method, path, body, sent)
        if operation.keyed:
            self._exchange(operation, method, path, body, sent)
        return answer

    def _exchange(
        self, operation: Described, method: str, path: str, body: Any, headers: Mapping[str, str]
    ) -> Answer:
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        status, got, answered = ask(self.made.gateway, method, f"{GATEWAY_URL}{path}", raw, content)
        names = {name.decode(): value.decode() for name, value in got}
        answer = Answer(status, names, json.loads(answered or b"{}"))
        self.seen.take(operation.id, answer)
        return answer


def declared() -> Iterator[tuple[str, int, str | None]]:
    """Every outcome that the document declares."""
    for operation in OPERATIONS.values():
        for status in operation.raw["responses"]:
            codes = codes_at(operation, int(status))
            yield from ((operation.id, int(status), code) for code in codes or (None,))


def response_at(operation: Described, status: int) -> Mapping[str, Any]:
    """What the document says of one status, references followed."""
    response: dict[str, Any] = operation.raw["responses"][str(status)]
    if "$ref" in response:
        found: dict[str, Any] = DOCUMENT["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
        return found
    return response


def codes_at(operation: Described, status: int) -> tuple[str, ...]:
    """The codes that the operation declares for a status; none for a success."""
    content = response_at(operation, status).get("content", {}).get("application/problem+json")
    return tuple(content["schema"]["properties"]["code"]["enum"]) if content else ()
