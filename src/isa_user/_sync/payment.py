# Made by scripts/sync_twin.py from _async/payment.py; change that file instead.
# ruff: noqa: I001, RUF100
# fmt: off
"""Client of the payment service (8207)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from isa_user._sync._crypto import PaymentClientCrypto
from isa_user._sync._intents import PaymentClientIntents
from isa_user._sync._refunds import PaymentClientRefunds
from isa_user._config import (
    DEFAULT_MAX_RETRIES,
    DEFAULT_TIMEOUT_S,
    Service,
    make_config,
    service_url,
    sibling_subscription_url,
)
from isa_user._core import SyncCore
from isa_user._operations import payment as ops
from isa_user._operations.subscription import CREATE_SUBSCRIPTION

if TYPE_CHECKING:
    from typing import Unpack

    import httpx

    from isa_user._filters import PaymentStatusFilter, PaymentTypeFilter
    from isa_user._options import SyncCallOptions, SyncTokenSource, SyncWriteOptions
    from isa_user._paging import Page
    from isa_user.models.payment import Payment
    from isa_user.models.subscription import Subscription

__all__ = ["SyncPaymentClient"]


class SyncPaymentClient(PaymentClientIntents, PaymentClientRefunds, PaymentClientCrypto):
    """Payments: intents, refunds, crypto, history, and the page's ``create_subscription``.

    ``subscription_url`` is where ``create_subscription`` goes; by default the same host on the
    subscription service's port, or the same gateway. The other arguments are those of every client.

    Example::

        payment = SyncPaymentClient("http://localhost:8207")
        intent = payment.create_intent(token=access_token, amount=2999, currency="usd")
    """

    _service: ClassVar[Service] = "payment"

    def __init__(
        self,
        base_url: str | None = None,
        *,
        token: SyncTokenSource | None = None,
        timeout: float = DEFAULT_TIMEOUT_S,
        deadline: float | None = None,
        max_retries: int = DEFAULT_MAX_RETRIES,
        idempotent_server: bool | None = None,
        default_headers: Mapping[str, str] | None = None,
        http_client: httpx.Client | None = None,
        subscription_url: str | None = None,
    ) -> None:
        config = make_config(
            {
                "payment": service_url("payment", base_url),
                "subscription": sibling_subscription_url(subscription_url, base_url),
            },
            token=token,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            idempotent_server=idempotent_server,
            default_headers=default_headers,
        )
        self._core = SyncCore(config, http_client=http_client)

    def get_history(
        self,
        *,
        status: PaymentStatusFilter | None = None,
        type: PaymentTypeFilter | None = None,  # noqa: A002 - the service's own name of the filter
        currency: str | None = None,
        created_after: datetime | str | None = None,
        created_before: datetime | str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        **options: Unpack[SyncCallOptions],
    ) -> Page[Payment]:
        """List the caller's payments of every origin, newest first; ``limit`` rows a page (1 to 100).

        ``created_after`` is inclusive, ``created_before`` exclusive. Raises InvalidRequestError for a
        filter that the service does not know, and what every read raises.

        Options: token, timeout, deadline, max_retries, extra_headers (``SyncCallOptions``).

        Page: "Get Payment History".
        """
        query = {
            "status": status,
            "type": type,
            "currency": currency,
            "created_after": created_after,
            "created_before": created_before,
            "limit": limit,
            "cursor": cursor,
        }
        return self._core.pages(ops.GET_HISTORY, options, query=query)

    def create_subscription(
        self,
        *,
        plan_id: str,
        payment_method_id: str | None = None,
        **options: Unpack[SyncWriteOptions],
    ) -> Subscription:
        """Subscribe to a plan; the call goes to the subscription service (``subscription_url``).

        Raises ConflictError (there is a subscription already), CardDeclinedError, NotFoundError (plan),
        and what every write raises.

        Options: token, idempotency_key, timeout, deadline, max_retries, extra_headers (``SyncWriteOptions``).

        Page: "Python SDK".
        """
        body = {"plan_id": plan_id, "payment_method_id": payment_method_id}
        return self._core.call(CREATE_SUBSCRIPTION, options, body=body)
