"""What a failed test shows of its server, oldest first: requests, events, and webhooks that failed."""

from __future__ import annotations

from collections.abc import Iterator

from isa_mockserver.kernel.clock import format_time
from isa_mockserver.kernel.events import Event
from isa_mockserver.web.visible import visible
from isa_mockserver.webhooks.telling import outcome_words

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
    if undelivered := list(_undelivered(box)):
        yield f"isa webhooks{where} that did not arrive", _last(undelivered)


def _undelivered(box: Sandbox) -> Iterator[str]:
    """Deliveries that a receiver has not taken: the event, where to, and why the last attempt failed."""
    endpoints = {endpoint.id: endpoint for endpoint in box.webhooks.all()}
    types = {event.id: event.type for event in box.events.all()}
    for delivery in box.webhooks.deliveries():
        rightful = [attempt for attempt in delivery.attempts if attempt.trick is None]
        if delivery.state == "delivered" or not rightful:
            continue
        endpoint = endpoints.get(delivery.webhook_id)
        url = endpoint.url.partition("?")[0] if endpoint else delivery.webhook_id
        what = f"{delivery.sequence:>6}  {types.get(delivery.event_id, delivery.event_id)} to {url}"
        tried = f" ({len(rightful)} attempts)" if len(rightful) > 1 else ""
        yield visible(f"{what} -> {outcome_words(rightful[-1])}{tried}")
    for endpoint in endpoints.values():
        if not endpoint.enabled:
            yield visible(f"        {endpoint.url.partition('?')[0]} is off: {endpoint.disabled_reason}")


def _event_line(event: Event) -> str:
    name = next((str(value) for key, value in event.object.items() if key.endswith("_id")), "")
    line = f"{event.sequence:>6}  {format_time(event.timestamp)}  {event.type}  {event.owner}  {name}"
    return visible(line.rstrip())


def _last(texts: list[str]) -> str:
    left_out = len(texts) - _SHOWN
    head = [f"... {left_out} before these ..."] if left_out > 0 else []
    return "\n".join([*head, *texts[-_SHOWN:]])
