"""What every event has (rules WH-1)."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from pydantic import Field

from isa_user.models.common import Count, Model, UtcDatetime

__all__ = ["EventData", "TypedEvent", "UpdateData"]

ObjectT = TypeVar("ObjectT", bound=Model)
DataT = TypeVar("DataT", bound=Model)


class EventData(Model, Generic[ObjectT]):
    """What an event is about: the resource as it was right after the change, without secrets."""

    object: ObjectT


class UpdateData(EventData[ObjectT], Generic[ObjectT]):
    """What an update is about: ``previous`` holds the changed fields with the values they had before."""

    previous: dict[str, Any] = Field(default_factory=dict)


class TypedEvent(Model, Generic[DataT]):
    """An event whose type this version knows.

    ``timestamp`` is when it happened. ``sequence`` grows with every change of an account: of two events
    about one object the one with the higher number tells the newer state (rules WH-8). It is None where a
    sender does not count, as in the example of rules WH-4.
    """

    id: str
    timestamp: UtcDatetime
    api_version: str | None = None
    sequence: Count | None = None
    data: DataT
