"""A shop in FastAPI. `uvicorn --factory shop:create_app` beside `isa-mockserver`; its tests are beside it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from os import environ
from typing import Annotated

from fastapi import FastAPI, Header, HTTPException
from starlette.routing import Route

from isa_user import IsaUser, PaymentRequiredError, PaymentSucceeded, WebhookReceiver

PRICES = {"lamp": 2999, "chair": 12900}
DEVELOPMENT_SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


def create_app() -> FastAPI:
    """The application; `SHOP_WEBHOOK_SECRET` and the `ISA_USER_...` variables say where it is deployed."""
    isa = IsaUser()
    paid: set[str] = set()
    receiver = WebhookReceiver(environ.get("SHOP_WEBHOOK_SECRET", DEVELOPMENT_SECRET))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with isa:
            yield

    app = FastAPI(lifespan=lifespan)
    app.router.routes.append(Route("/webhooks/payments", receiver))

    @receiver.on("payment.succeeded")
    def note(event: PaymentSucceeded) -> None:
        paid.add(event.data.object.payment_id)

    @app.post("/orders/{item}", status_code=201)
    async def order(item: str, card: str, number: str, token: Annotated[str, Header()]) -> dict[str, str]:
        try:
            # The order's number is the key: an order that is sent twice is charged once.
            intent = await isa.payments.create_intent(
                amount=PRICES[item],
                currency="usd",
                payment_method_id=card,
                confirm=True,
                token=token,
                idempotency_key=f"order-{number}",
            )
        except PaymentRequiredError as error:
            raise HTTPException(402, error.message) from error
        return {"order": intent.payment_intent_id, "status": intent.status}

    @app.get("/orders/{payment}")
    async def show(payment: str) -> dict[str, bool]:
        return {"paid": payment in paid}

    @app.post("/orders/{payment}/return")
    async def give_back(payment: str, token: Annotated[str, Header()]) -> dict[str, int]:
        return {"refunded": (await isa.payments.refund(payment, token=token)).amount}

    return app
