"""The server under test: tokens are verified, and every answer is held against its schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from isa_mockserver.app import Application, Settings, build
from isa_mockserver.kernel.clock import parse_time
from isa_mockserver.testing.inprocess import ask
from isa_mockserver.web.app import App
from isa_mockserver.web.asgi import Receive, Scope, Send
from isa_mockserver.web.auth import Mint, TrustedKey, VerifyAuthenticator
from isa_mockserver.web.control import ControlSettings

SECRET = "a secret that only these tests know"
START = "2024-02-01T00:00:00Z"
GATEWAY_URL = "http://localhost:8200"
MINT = Mint(SECRET)
SERVICES = ("payments", "wallets", "billing", "subscriptions", "credits")


def application(*, strict_fields: bool = False) -> Application:
    """A server with the demo fixture, as it is where tokens are verified."""
    return build(
        Settings(
            seed="demo",
            id_seed=0,
            clock=parse_time(START),
            authenticator=VerifyAuthenticator(TrustedKey.shared_secret(SECRET)),
            control=ControlSettings(admins_only=True, mint=MINT),
            check_responses=True,
            strict_fields=strict_fields,
        )
    )


def token(user: str = "user_456", *roles: str) -> str:
    """A token that the server accepts."""
    return MINT.token(user, roles=roles)


def app_of(made: Application, port: str) -> App:
    """The app of a service, or of the gateway."""
    return made.gateway if port == "gateway" else made.services[port]


def call(
    app: App, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    """One request, without a token unless the headers have one."""
    sent = {"Content-Type": "application/json", **(headers or {})}
    raw = [(name.encode(), value.encode()) for name, value in sent.items()]
    content = b"" if body is None else json.dumps(body).encode()
    status, got, answer = ask(app, method, f"{GATEWAY_URL}{path}", raw, content)
    return status, {name.decode(): value.decode() for name, value in got}, answer


def document(made: Application, port: str) -> dict[str, Any]:
    """What the port says of itself."""
    status, _, body = call(app_of(made, port), "GET", "/openapi.json")
    assert status == 200, body
    found: dict[str, Any] = json.loads(body)
    return found


class Current:
    """An ASGI app that can be exchanged for a fresh one under a schema that was loaded once."""

    def __init__(self) -> None:
        self.app: App | None = None

    @property
    def chosen(self) -> App:
        """The app; raises LookupError where none was chosen yet."""
        if self.app is None:
            raise LookupError("no server was chosen")
        return self.app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand over."""
        if scope["type"] == "http":
            await self.chosen(scope, receive, send)
