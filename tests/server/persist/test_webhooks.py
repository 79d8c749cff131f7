"""A webhook tells of nothing that a crash could undo, and endpoints outlive restarts."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest

from isa_mockserver.app import Application, Settings, build
from isa_mockserver.serve.durable import DurableSender
from isa_mockserver.webhooks.adversary import Shipment
from isa_mockserver.webhooks.endpoints import NewEndpoint
from isa_mockserver.webhooks.model import ENDPOINTS
from isa_mockserver.webhooks.outbox import Parcel
from isa_mockserver.webhooks.outcome import Outcome

PARCEL, SHIPMENT = cast(Parcel, None), cast(Shipment, None)
URL = "http://localhost:9/hook"


class Receiver:
    def __init__(self) -> None:
        self.got = 0
        self.closed = False

    async def send(self, parcel: Parcel, shipment: Shipment) -> Outcome:
        self.got += 1
        return Outcome(200)

    async def aclose(self) -> None:
        self.closed = True


class Disk:
    """A writer that has taken five changes, and whose disk reaches them when the test says so."""

    sequence = 5

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.outcome: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def reached(self, sequence: int) -> bool:
        self.asked.append(sequence)
        return await self.outcome


@pytest.mark.asyncio
async def test_a_webhook_waits_until_its_event_is_durable() -> None:
    receiver, disk = Receiver(), Disk()
    sender = DurableSender(receiver, cast(Any, disk))
    sending = asyncio.ensure_future(sender.send(PARCEL, SHIPMENT))
    await asyncio.sleep(0)
    assert (disk.asked, receiver.got) == ([5], 0)
    disk.outcome.set_result(True)
    assert (await sending).ok
    assert receiver.got == 1
    await sender.aclose()
    assert receiver.closed


@pytest.mark.asyncio
async def test_an_event_that_could_not_be_written_is_not_told() -> None:
    receiver, disk = Receiver(), Disk()
    disk.outcome.set_result(False)
    outcome = await DurableSender(receiver, cast(Any, disk)).send(PARCEL, SHIPMENT)
    assert (outcome.ok, outcome.error, receiver.got) == (False, "the event could not be written", 0)


def started(file: Path, secret: str | None = None) -> Application:
    """As `serve --data FILE --webhook URL` starts, with a drawn id seed."""
    return build(Settings(data=file, webhooks=[NewEndpoint(url=URL, secret=secret)]))


def secrets(application: Application) -> list[str]:
    rows = application.runtime.world.tables[ENDPOINTS.name].rows.values()
    return [endpoint.secret for endpoint in rows]


def test_wh10_a_receiver_keeps_its_secret_over_restarts_and_resets(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    application = started(file)
    first = secrets(application)
    application.close()
    application = started(file)
    assert secrets(application) == first, "the endpoint is not registered twice"
    application.runtime.reset()
    assert secrets(application) == first
    application.close()
    application = started(file, "whsec_" + "A" * 32)
    assert secrets(application) == ["whsec_" + "A" * 32], "a secret that is given counts"
    application.close()
