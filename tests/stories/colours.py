"""One story, three ways to live it: async on asyncio, async on trio, and sync."""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Sequence
from functools import partial, wraps
from typing import Any, TypeVar, cast

import anyio
import pytest

import isa_user
from isa_mockserver.testing import MockServer
from isa_user import BillingClient, CreditClient, PaymentClient, SubscriptionClient, WalletClient

C = TypeVar("C")
Story = Callable[["Cast"], Awaitable[None]]
COLOURS = ("asyncio", "trio", "sync")
SAMPLE_DATE = "2024-01-28T00:00:00Z"


class _Awaitable:
    """A sync client whose methods can be awaited, so that one story fits both colours."""

    def __init__(self, client: object) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        method = getattr(self._client, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            return method(*args, **kwargs)

        return call


class Cast:
    """Clients of one colour for any user, over one server in process."""

    def __init__(self, server: MockServer, colour: str) -> None:
        self.server = server
        self._sync = colour == "sync"

    def play(self, method: str, path: str, body: Any = None) -> Any:
        """What the outside world does (issuer, chain, platform), through a control call; its answer."""
        answer = self.server.request(method, f"/_mock{path}", user=None, json_body=body)
        assert answer.status in (200, 201), answer.body
        return answer.json()

    def authenticate(self, payment_intent_id: str, outcome: str = "success") -> None:
        """The customer passes or fails 3D Secure."""
        self.play("POST", f"/intents/{payment_intent_id}/authenticate", {"outcome": outcome})

    def payments(self, user: str = "user_1") -> PaymentClient:
        return self._client(PaymentClient, user)

    def wallets(self, user: str = "user_1") -> WalletClient:
        return self._client(WalletClient, user)

    def billing(self, user: str = "user_1", *, roles: Sequence[str] = ()) -> BillingClient:
        return self._client(BillingClient, user, roles)

    def subscriptions(self, user: str = "user_1") -> SubscriptionClient:
        return self._client(SubscriptionClient, user)

    def credits(self, user: str = "user_1") -> CreditClient:
        return self._client(CreditClient, user)

    def _client(self, cls: type[C], user: str, roles: Sequence[str] = ()) -> C:
        if self._sync:
            twin = getattr(isa_user, f"Sync{cls.__name__}")
            return cast(C, _Awaitable(self.server.client(twin, user=user, roles=roles)))
        return cast(C, self.server.client(cast(Any, cls), user=user, roles=roles))


async def everything(pager: Any) -> list[Any]:
    """All items of all pages."""
    if isinstance(pager, AsyncIterable):
        return [item async for item in pager]
    page = await pager
    return list(cast("Iterable[Any]", page))


def story(tell: Story) -> Callable[[str], None]:
    """A test that tells the story in every colour, and proves the books afterwards."""

    @pytest.mark.parametrize("colour", COLOURS)
    @wraps(tell)
    def test(colour: str) -> None:
        with MockServer(clock=SAMPLE_DATE, check_responses=True) as server:
            backend = "trio" if colour == "trio" else "asyncio"
            anyio.run(partial(tell, Cast(server, colour)), backend=backend)
            report = server.ledger.check()
            assert report.violations == ()

    # The wrapped signature would make pytest look for a fixture named after the story's parameter.
    del test.__wrapped__
    return test
