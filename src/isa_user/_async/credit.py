"""Client of the credit service (8229)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from isa_user import _operations as ops
from isa_user._async._base import AsyncServiceClient
from isa_user._config import Service

if TYPE_CHECKING:
    from typing import Unpack

    from isa_user._options import CallOptions, WriteOptions
    from isa_user.models.credit import CreditBalance, CreditConsumption, CreditPurchase

__all__ = ["CreditClient"]


class CreditClient(AsyncServiceClient):
    """The caller's credits: balance, purchase, use.

    Example::

        credits = CreditClient("http://localhost:8229")
        used = await credits.consume(token=access_token, amount=10, reason="api_premium_feature")
    """

    _service: ClassVar[Service] = "credit"

    async def get_balance(self, **options: Unpack[CallOptions]) -> CreditBalance:
        """Read the credits: total, available, reserved, and what expires next.

        Raises what every read raises (``isa_user.errors``).

        Page: "Get Credits".
        """
        return await self._core.call(ops.GET_CREDITS, options)

    async def purchase(
        self,
        *,
        package: str,
        payment_method_id: str,
        **options: Unpack[WriteOptions],
    ) -> CreditPurchase:
        """Buy a package (``credits_1000``, or its name in the price table) and get its credits.

        Raises CardDeclinedError (nothing is granted), NotFoundError (package), and what every write raises.

        Page: "Purchase Credits".
        """
        body = {"package": package, "payment_method_id": payment_method_id}
        return await self._core.call(ops.PURCHASE_CREDITS, options, body=body)

    async def consume(
        self,
        *,
        amount: int,
        reason: str,
        metadata: Mapping[str, str] | None = None,
        **options: Unpack[WriteOptions],
    ) -> CreditConsumption:
        """Use ``amount`` credits, those that expire first; all of them or none.

        Raises InsufficientCreditsError, and what every write raises.

        Page: "Use Credits".
        """
        body = {"amount": amount, "reason": reason, "metadata": metadata}
        return await self._core.call(ops.CONSUME_CREDITS, options, body=body)
