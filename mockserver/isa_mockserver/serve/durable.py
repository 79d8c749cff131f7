"""Webhooks leave only when what they tell of is durable (decision 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isa_mockserver.webhooks.adversary import Shipment
from isa_mockserver.webhooks.courier import Sender
from isa_mockserver.webhooks.outbox import Parcel
from isa_mockserver.webhooks.outcome import Outcome

if TYPE_CHECKING:
    from isa_mockserver.persist.writers import Writer


class DurableSender:
    """Sends by another sender, once all that was committed is on the disk."""

    def __init__(self, sender: Sender, writer: Writer) -> None:
        self._sender = sender
        self._writer = writer

    async def send(self, parcel: Parcel, shipment: Shipment) -> Outcome:
        """Wait, then send."""
        if not await self._writer.reached(self._writer.sequence):
            return Outcome(None, error="the event could not be written")
        return await self._sender.send(parcel, shipment)

    async def aclose(self) -> None:
        """Close what the sender has open."""
        await self._sender.aclose()
