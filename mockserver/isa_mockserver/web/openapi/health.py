"""What the documents say of `GET /health`."""

from __future__ import annotations

from typing import Literal

from isa_mockserver.web.fields import ResponseBody, Time

from .operation import Operation


class HealthBody(ResponseBody):
    """How a service is doing, and what it depends on."""

    status: Literal["healthy"]
    service: str
    version: str
    dependencies: dict[str, str]
    timestamp: Time


HEALTH = Operation(
    tag="health",
    name="health",
    method="GET",
    path="/health",
    summary="Whether the service is up",
    answers={200: HealthBody},
    access="anyone",
    of_server=True,
)
"""Open to everyone, on every port."""
