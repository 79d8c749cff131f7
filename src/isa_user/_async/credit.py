"""Client of the credit service (8229)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from isa_user._async._base import AsyncServiceClient
from isa_user._config import Service
from isa_user._operations import credit as ops

if TYPE_CHECKING:
    from typing import Unpack

    from isa_user._filters import CreditTransactionTypeFilter
    from isa_user._options import CallOptions, WriteOptions
    from isa_user._paging import AsyncPager
    from isa_user.models.credit import (
        CreditBalance,
        CreditConsumption,
        CreditPackage,
        CreditPurchase,
        CreditReservation,
        CreditTransaction,
    )

__all__ = ["CreditClient"]


class CreditClient(AsyncServiceClient):
    """The caller's credits: balance, purchase, use, reservations, history.

    Example::

        credits = CreditClient("http://localhost:8229")
        used = await credits.consume(token=access_token, amount=10, reason="api_premium_feature")
    """

    _service: ClassVar[Service] = "credit"

    async def get_balance(self, **options: Unpack[CallOptions]) -> CreditBalance:
        """Read the credits: total, available, reserved, and what expires next.

        Raises what every read raises (``isa_user.errors``).

        Options: token, timeout, deadline, max_retries, extra_headers (``CallOptions``).

        Page: "Get Credits".
        """
        return await self._core.call(ops.GET_CREDITS, options)

    def get_packages(self, **options: Unpack[CallOptions]) -> AsyncPager[CreditPackage]:
        """List the packages that can be bought; ``price`` in minor units.

        Raises what every read raises.

        Options: token, timeout, deadline, max_retries, extra_headers (``CallOptions``).

        Extension: rules 6.
        """
        return self._core.pages(ops.GET_PACKAGES, options)

    def get_transactions(
        self,
        *,
        type: CreditTransactionTypeFilter | None = None,  # noqa: A002 - the service's own name of the filter
        created_after: datetime | str | None = None,
        created_before: datetime | str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncPager[CreditTransaction]:
        """List the movements of credits, newest first; ``limit`` rows a page (1 to 100).

        ``created_after`` is inclusive, ``created_before`` exclusive. Raises InvalidRequestError for a
        filter that the service does not know, and what every read raises.

        Options: token, timeout, deadline, max_retries, extra_headers (``CallOptions``).

        Extension: rules CR-16.
        """
        query = {
            "type": type,
            "created_after": created_after,
            "created_before": created_before,
            "limit": limit,
            "cursor": cursor,
        }
        return self._core.pages(ops.GET_CREDIT_TRANSACTIONS, options, query=query)

    async def purchase(
        self,
        *,
        package: str,
        payment_method_id: str,
        **options: Unpack[WriteOptions],
    ) -> CreditPurchase:
        """Buy a package (``credits_1000``, or its name in the price table) and get its credits.

        Raises CardDeclinedError (nothing is granted), NotFoundError (package), and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``WriteOptions``).

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

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``WriteOptions``).

        Page: "Use Credits".
        """
        body = {"amount": amount, "reason": reason, "metadata": metadata}
        return await self._core.call(ops.CONSUME_CREDITS, options, body=body)

    async def refund_consumption(
        self, consumption_id: str, *, amount: int | None = None, **options: Unpack[WriteOptions]
    ) -> CreditConsumption:
        """Give back ``amount`` credits of a consumption, or all that remain, to where they came from.

        Raises InvalidRequestError (more than remain), NotFoundError, and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``WriteOptions``).

        Extension: rules CR-13.
        """
        path = {"consumption_id": consumption_id}
        return await self._core.call(ops.REFUND_CONSUMPTION, options, path=path, body={"amount": amount})

    async def reserve(
        self,
        *,
        amount: int,
        reason: str,
        ttl_seconds: int | None = None,
        **options: Unpack[WriteOptions],
    ) -> CreditReservation:
        """Hold ``amount`` credits for ``ttl_seconds`` (1 to 86400, default 900), to commit or release.

        Held credits cannot be spent otherwise, and do not expire. Raises InsufficientCreditsError, and
        what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``WriteOptions``).

        Extension: rules 6, "Reservations".
        """
        body = {"amount": amount, "reason": reason, "ttl_seconds": ttl_seconds}
        return await self._core.call(ops.RESERVE_CREDITS, options, body=body)

    async def commit_reservation(
        self, reservation_id: str, *, amount: int | None = None, **options: Unpack[WriteOptions]
    ) -> CreditReservation:
        """Spend ``amount`` of the held credits, or all; the rest is free again.

        Raises InvalidRequestError (more than is held), ConflictError (already resolved otherwise, or
        expired), NotFoundError, and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``WriteOptions``).

        Extension: rules CR-10.
        """
        path = {"reservation_id": reservation_id}
        return await self._core.call(ops.COMMIT_RESERVATION, options, path=path, body={"amount": amount})

    async def release_reservation(
        self, reservation_id: str, **options: Unpack[WriteOptions]
    ) -> CreditReservation:
        """Give the held credits back unspent.

        Raises ConflictError (committed or expired), NotFoundError, and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``WriteOptions``).

        Extension: rules CR-10.
        """
        path = {"reservation_id": reservation_id}
        return await self._core.call(ops.RELEASE_RESERVATION, options, path=path)
