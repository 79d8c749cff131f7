"""Running something once for each webhook id, also when its deliveries overlap (rules WH-8)."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Literal

import anyio

from isa_user.webhooks._dedupe import Claim, DeliveryStore

__all__ = ["Handle", "Outcome", "handle_once"]

logger = logging.getLogger("isa_user.webhooks")

Handle = Callable[[], Awaitable[None]]
Outcome = Literal["handled", "duplicate", "busy", "failed"]

# A duplicate asks again after these waits, in seconds: ten in all, less than a sender's patience (WH-6).
WAITS_S = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, *([0.5] * 19))


async def handle_once(store: DeliveryStore, webhook_id: str, handle: Handle) -> Outcome:
    """Run ``handle`` unless the store says that it ran already.

    Returns:
        ``handled``; ``duplicate``, it had succeeded before; ``failed``, it or the store raised, and what it
        raised was logged; ``busy``, another delivery of the same event is still being handled after ten
        seconds, or at once where no event loop runs to wait in.
    """
    try:
        claim = await _claim(store, webhook_id)
    except Exception:
        logger.exception("the store of deliveries failed to claim webhook %r", webhook_id)
        return "failed"
    if claim == "new":
        return await _run(store, webhook_id, handle)
    return "duplicate" if claim == "done" else "busy"


async def _claim(store: DeliveryStore, webhook_id: str) -> Claim:
    claim = await store.claim(webhook_id)
    for wait_s in WAITS_S:
        if claim != "running" or not await _slept(wait_s):
            break
        claim = await store.claim(webhook_id)
    return claim


async def _slept(wait_s: float) -> bool:
    try:
        await anyio.sleep(wait_s)
    except RuntimeError:
        # No event loop: the receiver is stepped by hand.
        return False
    return True


async def _run(store: DeliveryStore, webhook_id: str, handle: Handle) -> Outcome:
    try:
        await handle()
    except Exception:
        logger.exception("the handler of webhook %r failed; the sender will try again", webhook_id)
        await _release(store, webhook_id)
        return "failed"
    except BaseException:
        await _release(store, webhook_id)
        raise
    try:
        with _shield():
            await store.finish(webhook_id)
    except Exception:
        # The work is done: asking for a retry would only do it twice.
        logger.exception("the store of deliveries failed to note webhook %r as handled", webhook_id)
    return "handled"


async def _release(store: DeliveryStore, webhook_id: str) -> None:
    try:
        with _shield():
            await store.release(webhook_id)
    except Exception:
        logger.exception("the store of deliveries failed to release webhook %r", webhook_id)


def _shield() -> AbstractContextManager[object]:
    """Keeps a cancelled request from leaving its claim behind."""
    try:
        return anyio.CancelScope(shield=True)
    except RuntimeError:
        # No event loop: nothing can cancel.
        return nullcontext()
