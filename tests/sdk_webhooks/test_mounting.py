"""The receiver stands in the routes of Starlette and FastAPI, and verifying alone works in an endpoint."""

from __future__ import annotations

from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI, HTTPException, Request
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from isa_user.errors import WebhookVerificationError
from isa_user.webhooks import PaymentSucceeded, Webhook, WebhookReceiver, sign
from tests.sdk_webhooks.deliveries import OTHER_SECRET, PAYMENT, SECRET, envelope

pytestmark = pytest.mark.anyio

PATH = "/webhooks/payments"


def make_receiver(seen: list[PaymentSucceeded]) -> WebhookReceiver:
    receiver = WebhookReceiver(SECRET)
    receiver.on("payment.succeeded")(seen.append)
    return receiver


async def post(app: Any, path: str, secret: str = SECRET) -> httpx.Response:
    body, headers = sign(envelope("payment.succeeded", PAYMENT), secret)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as client:
        return await client.post(path, content=body, headers=headers)


async def test_as_a_route_of_starlette() -> None:
    seen = list[PaymentSucceeded]()
    app = Starlette(routes=[Route(PATH, make_receiver(seen))])
    assert (await post(app, PATH)).status_code == 204
    assert (await post(app, PATH, OTHER_SECRET)).status_code == 400
    assert [event.id for event in seen] == ["evt_1"]


async def test_mounted_in_starlette_under_the_mount_s_own_path() -> None:
    """A mount answers its path without the last slash with a redirect, which senders do not follow (WH-6)."""
    seen = list[PaymentSucceeded]()
    app = Starlette(routes=[Mount(PATH, make_receiver(seen))])
    assert (await post(app, f"{PATH}/")).status_code == 204
    assert (await post(app, PATH)).is_redirect


async def test_as_a_route_of_fastapi() -> None:
    seen = list[PaymentSucceeded]()
    app = FastAPI()
    app.router.routes.append(Route(PATH, make_receiver(seen)))
    assert (await post(app, PATH)).status_code == 204
    assert len(seen) == 1


async def test_mounted_in_fastapi() -> None:
    seen = list[PaymentSucceeded]()
    app = FastAPI()
    app.mount(PATH, make_receiver(seen))
    assert (await post(app, f"{PATH}/")).status_code == 204
    assert len(seen) == 1


async def test_a_get_of_the_route_is_answered_by_the_receiver() -> None:
    app = Starlette(routes=[Route(PATH, make_receiver([]))])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as client:
        assert (await client.get(PATH)).status_code == 405


async def test_verifying_in_an_endpoint_of_one_s_own() -> None:
    """Heading "Payment Events", with the signature checked."""
    app, webhook, seen = FastAPI(), Webhook(SECRET), list[int]()

    async def handle_payment_webhook(request: Annotated[Request, None]) -> None:
        try:
            event = webhook.verify(await request.body(), request.headers)
        except WebhookVerificationError as error:
            raise HTTPException(400, error.message) from error
        if isinstance(event, PaymentSucceeded):
            seen.append(event.data.object.amount)

    app.post(PATH, status_code=204)(handle_payment_webhook)
    assert (await post(app, PATH)).status_code == 204
    assert (await post(app, PATH, OTHER_SECRET)).status_code == 400
    assert seen == [2999]
