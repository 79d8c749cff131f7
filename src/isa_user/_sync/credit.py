# Made by scripts/sync_twin.py from _async/credit.py; change that file instead.
# ruff: noqa: I001, RUF100
# fmt: off
"""Client of the credit service (8229)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from isa_user import _operations as ops
from isa_user._sync._base import SyncServiceClient
from isa_user._config import Service

if TYPE_CHECKING:
    from typing import Unpack

    from isa_user._options import SyncCallOptions, SyncWriteOptions
    from isa_user.models.credit import CreditBalance, CreditConsumption, CreditPurchase

__all__ = ["SyncCreditClient"]


class SyncCreditClient(SyncServiceClient):
    """The caller's credits: balance, purchase, use.

    Example::

        credits = SyncCreditClient("http://localhost:8229")
        used = credits.consume(token=access_token, amount=10, reason="api_premium_feature")
    """

    _service: ClassVar[Service] = "credit"

    def get_balance(self, **options: Unpack[SyncCallOptions]) -> CreditBalance:
        """Read the credits: total, available, reserved, and what expires next.

        Raises what every read raises (``isa_user.errors``).

        Page: "Get Credits".
        """
        return self._core.call(ops.GET_CREDITS, options)

    def purchase(
        self,
        *,
        package: str,
        payment_method_id: str,
        **options: Unpack[SyncWriteOptions],
    ) -> CreditPurchase:
        """Buy a package (``credits_1000``, or its name in the price table) and get its credits.

        Raises CardDeclinedError (nothing is granted), NotFoundError (package), and what every write raises.

        Page: "Purchase Credits".
        """
        body = {"package": package, "payment_method_id": payment_method_id}
        return self._core.call(ops.PURCHASE_CREDITS, options, body=body)

    def consume(
        self,
        *,
        amount: int,
        reason: str,
        metadata: Mapping[str, str] | None = None,
        **options: Unpack[SyncWriteOptions],
    ) -> CreditConsumption:
        """Use ``amount`` credits, those that expire first; all of them or none.

        Raises InsufficientCreditsError, and what every write raises.

        Page: "Use Credits".
        """
        body = {"amount": amount, "reason": reason, "metadata": metadata}
        return self._core.call(ops.CONSUME_CREDITS, options, body=body)
