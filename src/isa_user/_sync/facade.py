# Made by scripts/sync_twin.py from _async/facade.py; change that file instead.
# ruff: noqa: I001, RUF100
# fmt: off
"""All five clients over one pool and one configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from isa_user._sync.billing import SyncBillingClient
from isa_user._sync.credit import SyncCreditClient
from isa_user._sync.payment import SyncPaymentClient
from isa_user._sync.subscription import SyncSubscriptionClient
from isa_user._sync.wallet import SyncWalletClient
from isa_user._config import DEFAULT_MAX_RETRIES, DEFAULT_TIMEOUT_S, PORTS, make_config, service_url
from isa_user._core import SyncCore

if TYPE_CHECKING:
    from typing import Self

    import httpx

    from isa_user._options import SyncTokenSource
    from isa_user._wire import SyncSleep, SyncTransport

__all__ = ["SyncIsaUser"]


class SyncIsaUser:
    """The five clients as ``payments``, ``wallets``, ``billing``, ``subscriptions`` and ``credits``.

    ``base_url`` is a gateway that serves all of them; without it each service's own environment
    variable, ``ISA_USER_BASE_URL`` or documented port counts. The other arguments are those of every
    client.

    Example::

        with SyncIsaUser(token=access_token) as isa:
            wallet = isa.wallets.get_balance()
    """

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
    ) -> None:
        config = make_config(
            {service: service_url(service, base_url) for service in PORTS},
            token=token,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            idempotent_server=idempotent_server,
            default_headers=default_headers,
        )
        self._set_core(SyncCore(config, http_client=http_client))

    def _set_core(self, core: SyncCore) -> None:
        self._core = core
        self.payments: SyncPaymentClient = SyncPaymentClient._over(core)
        self.wallets: SyncWalletClient = SyncWalletClient._over(core)
        self.billing: SyncBillingClient = SyncBillingClient._over(core)
        self.subscriptions: SyncSubscriptionClient = SyncSubscriptionClient._over(core)
        self.credits: SyncCreditClient = SyncCreditClient._over(core)

    @classmethod
    def _bound(
        cls,
        *,
        transport: SyncTransport,
        sleep: SyncSleep,
        token: SyncTokenSource | None,
        clock: Callable[[], float] | None = None,
        **options: Any,
    ) -> Self:
        """All five clients over another transport, which wait and measure time by the given functions."""
        isa = cls(token=token, **options)
        isa._set_core(SyncCore(isa._core.config, transport=transport, sleep=sleep, clock=clock))
        return isa

    def close(self) -> None:
        """Release the connections of all five.

        A later call raises ClientClosedError, unless the client is entered again.
        """
        self._core.close()

    def __enter__(self) -> Self:
        self._core.enter()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._core.leave()

    def __repr__(self) -> str:
        config = self._core.config
        return f"{type(self).__name__}(timeout={config.timeout_s:g}, max_retries={config.max_retries})"
