"""What a failed test shows of its server: the requests and the events, oldest first."""

from __future__ import annotations

from collections.abc import Iterator

from isa_mockserver.kernel.clock import format_time
from isa_mockserver.kernel.events import Event
from isa_mockserver.web.visible import visible

from .requests import lines
from .sandbox import Sandbox

_SHOWN = 50


def sections(box: Sandbox) -> Iterator[tuple[str, str]]:
    """Titles and texts for a test's report; none where nothing happened."""
    where = "" if box.name == "default" else f" (sandbox {box.name})"
    requests, events = lines(box.requests.all()), [_event_line(event) for event in box.events.all()]
    if requests:
        yield f"isa requests{where}", _last(requests)
    if events:
        yield f"isa events{where}, the clock says {format_time(box.clock.now())}", _last(events)


def _event_line(event: Event) -> str:
    name = next((str(value) for key, value in event.object.items() if key.endswith("_id")), "")
    line = f"{event.sequence:>6}  {format_time(event.timestamp)}  {event.type}  {event.owner}  {name}"
    return visible(line.rstrip())


def _last(texts: list[str]) -> str:
    left_out = len(texts) - _SHOWN
    head = [f"... {left_out} before these ..."] if left_out > 0 else []
    return "\n".join([*head, *texts[-_SHOWN:]])
