"""Control calls that play the wallets' operator."""

from __future__ import annotations

from isa_mockserver.web.control.route import ControlCall, ControlRoute
from isa_mockserver.web.fields import Flag, RequestBody
from isa_mockserver.web.route import Reply

from .schemas import FrozenBody
from .service import set_frozen


class Freeze(RequestBody):
    """Whether the wallet is frozen from now on."""

    frozen: Flag = True


def freeze(call: ControlCall[Freeze, None]) -> Reply:
    """Freeze a user's wallet, or thaw it (rules W-5)."""
    wallet = call.commit(lambda unit: set_frozen(unit, call.path["user"], call.body.frozen))
    return Reply(200, {"wallet_id": wallet.id, "user_id": wallet.owner, "frozen": wallet.frozen})


CONTROL: tuple[ControlRoute, ...] = (
    ControlRoute(
        operation="freeze_wallet",
        method="POST",
        path="/_mock/wallets/{user}/freeze",
        handler=freeze,
        response=FrozenBody,
        errors=("user_not_found",),
        body=Freeze,
        body_optional=True,
        summary="Freeze a wallet, or thaw it",
    ),
)
