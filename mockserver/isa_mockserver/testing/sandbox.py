"""One isolated World of a server in process: its clients, its clock, what happened in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self, TypeVar
from urllib.parse import quote

from isa_mockserver.kernel.clock import format_time
from isa_mockserver.kernel.users import USERS
from isa_mockserver.web.auth import check_subject, mint_token
from isa_mockserver.web.runtime import Runtime
from isa_mockserver.web.sandboxes import DEFAULT, SANDBOX_HEADER

from .carrier import VirtualTime
from .faults import FaultView
from .inprocess import Doors
from .post import Post
from .requests import RequestView
from .snapshots import SnapshotView
from .transports import AsyncInProcess, SyncInProcess
from .views import ClockView, EventView, LedgerView
from .webhooks import WebhookView

if TYPE_CHECKING:
    from .intercept import Interception


class Client(Protocol):
    """An SDK client class, sync or async."""

    @classmethod
    def _bound(cls, *, transport: Any, sleep: Any, token: str, **options: Any) -> Self: ...


C = TypeVar("C", bound=Client)

AuthenticationOutcome = Literal["success", "failure"]


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An answer below the SDK: status, headers (names in lower case) and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Sandbox:
    """A World of its own beside the others of the same server: own clock, ids, events and ledger.

    Its tokens name it, and its clients say so in a header too, also with a token of another make.
    """

    def __init__(self, runtime: Runtime, doors: Doors, post: Post) -> None:
        self._runtime = runtime
        self._doors = doors
        self._post = post
        self.clock = ClockView(runtime, post)
        self.events = EventView(runtime, post)
        self.webhooks = WebhookView(runtime, post)
        self.ledger = LedgerView(runtime)
        self.requests = RequestView(runtime)
        self.faults = FaultView(runtime)
        self.snapshots = SnapshotView(runtime)

    @property
    def name(self) -> str:
        """The sandbox's name; `default` is the server's own."""
        return self._runtime.sandbox

    def __repr__(self) -> str:
        stands = "frozen" if self._runtime.world.clock.frozen else "ticking"
        users = len(self._runtime.world.tables[USERS.name].rows)
        name = "" if self.name == DEFAULT else f" {self.name}"
        what = type(self).__name__
        return f"<{what}{name} at {format_time(self.clock.now())} ({stands}), {users} users>"

    def token(self, user: str = "user_1", *, roles: Sequence[str] = ()) -> str:
        """A bearer token for `user` in this sandbox.

        Raises:
            ValueError: nobody can be called so.
        """
        check_subject(user)
        return mint_token(user, roles=roles, sandbox=None if self.name == DEFAULT else self.name)

    def client(self, cls: type[C], *, user: str = "user_1", roles: Sequence[str] = (), **options: Any) -> C:
        """An SDK client of `cls`, sync or async, that talks to this sandbox as `user`.

        `options` are the client's own, such as `idempotent_server=True`. It keeps the SDK's own defaults,
        but does not really sleep between retries: its own time passes instead, for its deadlines too.
        """
        if not hasattr(cls, "_bound") or not hasattr(cls, "__name__"):
            raise TypeError(f"client() takes a class of isa_user, such as SyncIsaUser, not {cls!r}")
        headers = {**self._headers(), **options.pop("default_headers", {})}
        options |= {"token": self.token(user, roles=roles), "default_headers": headers}
        time = VirtualTime()
        options["clock"] = time.now_s
        if cls.__name__.startswith("Sync"):
            return cls._bound(transport=SyncInProcess(self._doors, time), sleep=time.pass_by, **options)
        return cls._bound(transport=AsyncInProcess(self._doors, time), sleep=time.pass_by_async, **options)

    def intercept(self, *, allow: Iterable[str] = (), urls: Mapping[str, str] | None = None) -> Interception:
        """Answer every httpx call to the services' URLs here: a context manager, and a decorator.

        It holds for code that knows nothing of this server, sync or async, with `isa_user` or plain httpx.
        The URLs are the documented ones, those of the SDK's environment variables, and `urls` (service or
        `gateway` -> URL). Any other host is refused with an error, unless its name is in `allow`.

        Raises:
            ModuleNotFoundError: respx is not installed.
        """
        try:
            from .intercept import Interception
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                'intercept() needs respx; install it with: pip install "isa-user[testing]"', name=error.name
            ) from error
        return Interception(self._doors, self._headers(), allow, urls or {})

    def authenticate(self, payment_intent_id: str, outcome: AuthenticationOutcome = "success") -> str:
        """Play the customer whom the bank asks (3-D Secure), and give the intent's status after it.

        Also for the first payment of a subscription: `latest_payment_intent.payment_intent_id` names it.

        Raises:
            ValueError: there is no such intent, it does not wait for the customer, or no such outcome.
        """
        path = f"/_mock/intents/{quote(payment_intent_id, safe='')}/authenticate"
        answer = self.request("POST", path, json_body={"outcome": outcome})
        document = answer.json()
        if answer.status != 200:
            raise ValueError(document["detail"])
        return str(document["status"])

    def reset(self) -> None:
        """Go back to the start: fixture, clock and ids."""
        self._runtime.reset()

    def request(
        self,
        method: str,
        path: str,
        *,
        user: str | None = "user_1",
        json_body: Any = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        port: int = 8200,
    ) -> RawAnswer:
        """Send one raw request (by default to the gateway) and give the raw answer.

        `path` may be a whole address as the server gives it (`next_action.url`). `user=None` sends no token.
        `json_body` is sent as JSON; `body` as it is.
        """
        url = path if path.startswith("http://") else f"http://localhost:{port}{path}"
        sent = {name.lower(): value for name, value in self._headers().items()}
        if user is not None:
            sent["authorization"] = f"Bearer {self.token(user)}"
        content = body if body is not None else b"" if json_body is None else json.dumps(json_body).encode()
        if content:
            sent["content-type"] = "application/json"
        sent.update({name.lower(): value for name, value in (headers or {}).items()})
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in sent.items()]
        status, answered, content = self._doors.call(method, url, raw, content)
        return RawAnswer(status, {name.decode(): value.decode() for name, value in answered}, content)

    def _headers(self) -> dict[str, str]:
        return {} if self.name == DEFAULT else {SANDBOX_HEADER: self.name}
