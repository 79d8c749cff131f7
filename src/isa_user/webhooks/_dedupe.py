"""Which deliveries were handled already: webhooks come at least once (rules WH-8)."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Literal, Protocol

from isa_user.errors import ConfigurationError

__all__ = ["Claim", "DeliveryStore", "MemoryDeliveryStore"]

Claim = Literal["new", "running", "done"]
"""What a store knows of a webhook id that is to be handled now."""

DEFAULT_MAX_IDS = 10_000


class DeliveryStore(Protocol):
    """Remembers webhook ids, so that an event is handled once however often it is delivered.

    Write your own over a database or a cache where several processes receive the webhooks of one endpoint.
    Ids should be kept for at least four days: the last retry comes 76 hours after the first attempt
    (rules WH-7). A claim that is neither finished nor released within some minutes belongs to a process
    that died, and should be given again.
    """

    async def claim(self, webhook_id: str) -> Claim:
        """In one atomic step: ``"new"`` and the claim is the caller's, or what became of an earlier one."""
        ...

    async def finish(self, webhook_id: str) -> None:
        """Note that the event was handled: later claims are ``"done"``."""
        ...

    async def release(self, webhook_id: str) -> None:
        """Give a claim back, because handling failed: the next claim is ``"new"`` again."""
        ...


class MemoryDeliveryStore:
    """The store of one process: the last ``max_ids`` handled ids, and those being handled now.

    Raises:
        ConfigurationError: ``max_ids`` is less than 1.
    """

    def __init__(self, max_ids: int = DEFAULT_MAX_IDS) -> None:
        if max_ids < 1:
            raise ConfigurationError("A store of deliveries must hold at least one id.")
        self._max_ids = max_ids
        self._lock = threading.Lock()
        self._running: set[str] = set()
        self._done: OrderedDict[str, None] = OrderedDict()

    async def claim(self, webhook_id: str) -> Claim:
        """See ``DeliveryStore.claim``."""
        with self._lock:
            if webhook_id in self._done:
                return "done"
            if webhook_id in self._running:
                return "running"
            self._running.add(webhook_id)
            return "new"

    async def finish(self, webhook_id: str) -> None:
        """See ``DeliveryStore.finish``; the oldest handled id is forgotten where there are too many."""
        with self._lock:
            self._running.discard(webhook_id)
            self._done[webhook_id] = None
            while len(self._done) > self._max_ids:
                self._done.popitem(last=False)

    async def release(self, webhook_id: str) -> None:
        """See ``DeliveryStore.release``."""
        with self._lock:
            self._running.discard(webhook_id)
