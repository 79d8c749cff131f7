"""Control calls that play the issuer and the chains (control API: 3DS, crypto)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StrictInt

from isa_mockserver.web.control.route import ControlCall, ControlRoute
from isa_mockserver.web.fields import Amount, ErrorCode, RequestBody, Shape, Token
from isa_mockserver.web.route import Reply

from .model.coins import MAX_AMOUNT
from .schemas.responses import CryptoPaymentBody, PaymentIntentBody
from .service.chain import add_confirmations, add_transaction, drop_transaction
from .service.later import authenticate
from .service.resolution import resolve_crypto_payment
from .views import crypto_view, intent_view


class Authenticate(RequestBody):
    """How the customer's authentication ends."""

    outcome: Literal["success", "failure"] = "success"


class ChainTransfer(RequestBody):
    """A transfer seen on the chain: `amount` in the coin's API unit (rules CY-2)."""

    tx_hash: Token
    amount: Annotated[Amount, Shape(maximum=MAX_AMOUNT)]


class Confirmations(RequestBody):
    """How many blocks came on top."""

    confirmations: Annotated[StrictInt, ErrorCode("invalid_value"), Shape(minimum=1)]


class Resolve(RequestBody):
    """What to do with a payment that came short or late."""

    resolution: Literal["accept", "refund"]


def end_authentication(call: ControlCall[Authenticate, None]) -> Reply:
    """Let the customer pass or fail authentication (rules 2.3)."""
    intent = call.commit(lambda unit: authenticate(unit, call.path["id"], call.body.outcome))
    return Reply(200, intent_view(intent))


def see_transaction(call: ControlCall[ChainTransfer, None]) -> Reply:
    """Let the chain show a transfer; the same hash counts once (rules CY-7)."""
    payment = call.commit(
        lambda unit: add_transaction(
            unit, call.path["id"], tx_hash=call.body.tx_hash, amount=call.body.amount
        )
    )
    return Reply(200, crypto_view(payment))


def forget_transaction(call: ControlCall[None, None]) -> Reply:
    """Let the chain drop a transfer before it is final (rules 2.6)."""
    payment = call.commit(lambda unit: drop_transaction(unit, call.path["id"], call.path["hash"]))
    return Reply(200, crypto_view(payment))


def confirm_blocks(call: ControlCall[Confirmations, None]) -> Reply:
    """Add blocks on top of every transfer seen so far (rules CY-7)."""
    payment = call.commit(lambda unit: add_confirmations(unit, call.path["id"], call.body.confirmations))
    return Reply(200, crypto_view(payment))


def resolve(call: ControlCall[Resolve, None]) -> Reply:
    """Accept what arrived, or send it back (rules 2.6)."""
    payment = call.commit(lambda unit: resolve_crypto_payment(unit, call.path["id"], call.body.resolution))
    return Reply(200, crypto_view(payment))


CONTROL: tuple[ControlRoute, ...] = (
    ControlRoute(
        operation="authenticate_intent",
        method="POST",
        path="/_mock/intents/{id}/authenticate",
        handler=end_authentication,
        response=PaymentIntentBody,
        errors=("payment_intent_not_found", "payment_intent_unexpected_state"),
        body=Authenticate,
        body_optional=True,
        summary="End the customer's authentication",
    ),
    ControlRoute(
        operation="add_crypto_transaction",
        method="POST",
        path="/_mock/crypto/{id}/transactions",
        handler=see_transaction,
        response=CryptoPaymentBody,
        errors=("crypto_payment_not_found", "crypto_payment_unexpected_state", "amount_overflow"),
        body=ChainTransfer,
        summary="Show a transfer on the chain",
    ),
    ControlRoute(
        operation="drop_crypto_transaction",
        method="DELETE",
        path="/_mock/crypto/{id}/transactions/{hash}",
        handler=forget_transaction,
        response=CryptoPaymentBody,
        errors=("crypto_payment_not_found", "crypto_payment_unexpected_state"),
        summary="Drop a transfer from the chain",
    ),
    ControlRoute(
        operation="add_crypto_confirmations",
        method="POST",
        path="/_mock/crypto/{id}/confirmations",
        handler=confirm_blocks,
        response=CryptoPaymentBody,
        errors=("crypto_payment_not_found", "invalid_value"),
        body=Confirmations,
        summary="Add blocks on top of the transfers",
    ),
    ControlRoute(
        operation="resolve_crypto_payment",
        method="POST",
        path="/_mock/crypto/{id}/resolve",
        handler=resolve,
        response=CryptoPaymentBody,
        errors=("crypto_payment_not_found", "crypto_payment_unexpected_state"),
        body=Resolve,
        summary="Decide about a payment that came short or late",
    ),
)
