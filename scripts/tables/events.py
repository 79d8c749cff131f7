"""Every event: its class in the SDK, what it carries, when it is sent, and what it looks like."""

from __future__ import annotations

import json
from typing import Any, get_args

from isa_mockserver.kernel.events import CATALOGUE, envelope
from isa_mockserver.testing import MockServer
from isa_user.webhooks import KnownEvent
from scripts.tables.text import fenced, table

SAMPLE_TIME = "2024-01-28T10:00:00Z"


def events() -> str:
    """One row a type."""
    classes = _classes()
    return table(
        ("type", "class", "`event.data.object`", "when"),
        (
            (f"`{each}`", f"`{classes[each].__name__}`", f"`{_carried(classes[each])}`", CATALOGUE[each].when)
            for each in CATALOGUE
        ),
    )


def payloads() -> str:
    """The body of a delivery of each type, to be opened one by one."""
    blocks = []
    for each, cls in ((each, _classes()[each]) for each in CATALOGUE):
        with MockServer(clock=SAMPLE_TIME) as server:
            # Nobody listens there; so it is told of another type than the one that is looked at.
            server.webhooks.add(
                "http://localhost:8000/webhooks/payments",
                events=["webhook.ping" if each == "payment.succeeded" else "payment.succeeded"],
            )
            server.events.trigger(each, user="user_456")
            body = envelope(server.events.all()[-1])
        text = json.dumps(body, indent=2)
        blocks.append(f'??? example "`{each}`: {cls.__name__}"\n\n{fenced("json", text, indent=4)}')
    return "\n".join(blocks)


def _classes() -> dict[str, Any]:
    return {cls.model_fields["type"].default: cls for cls in get_args(KnownEvent)}


def _carried(event: Any) -> str:
    data = event.model_fields["data"].annotation
    name: str = data.model_fields["object"].annotation.__name__
    return name
