"""The saved state carries outbox, endpoints and the progress of every delivery (rules WH-8, WH-9)."""

from __future__ import annotations

from typing import Any

from isa_mockserver.testing import MockServer
from isa_mockserver.webhooks.endpoints import switch
from isa_mockserver.webhooks.outbox import line_up, take
from isa_mockserver.webhooks.outcome import Outcome
from isa_mockserver.webhooks.settling import settle
from tests.server.webhooks.inbox import Inbox

CLOCK = "2024-01-28T10:00:00Z"


def save(server: MockServer) -> Any:
    answer = server.request("GET", "/_mock/state")
    assert answer.status == 200
    return answer.json()


def load(server: MockServer, state: Any) -> None:
    assert server.request("PUT", "/_mock/state", json_body=state).status == 200


def answer_for(server: MockServer, webhook_id: str, inbox: Inbox) -> None:
    """Let an app of the second process answer for the endpoint of the first."""
    server.webhooks.add(inbox)
    receivers = server._post.receivers
    receivers[webhook_id] = receivers[server.webhooks.all()[-1].id]


def world_of(server: MockServer) -> Any:
    return server._application.runtime.world


def test_a_delivery_goes_on_where_it_stood(server: MockServer) -> None:
    inbox = Inbox(500, 500)
    secret = server.webhooks.add(inbox)
    event = server.events.trigger("invoice.paid")
    server.clock.advance(seconds=5)
    state = save(server)
    with MockServer(clock=CLOCK, id_seed=7) as second:
        again = Inbox()
        load(second, state)
        assert [each.secret for each in second.webhooks.all()] == [secret]
        answer_for(second, second.webhooks.all()[0].id, again)
        second.clock.advance(seconds=299)
        assert again.ids == []
        second.clock.advance(seconds=1)
        assert again.ids == [event.id]
        attempts = second.webhooks.deliveries(event.id)[0].attempts
        assert [attempt.status for attempt in attempts] == [500, 500, 204]


def test_what_was_not_sent_yet_is_sent_after_the_load(server: MockServer) -> None:
    """Two stages of it: events that no endpoint was looked at for, and attempts that are due."""
    server.webhooks.add("http://127.0.0.1:9/never")
    world = world_of(server)
    with world.unit() as unit:
        unit.emit("invoice.paid", "alice", {})
        unit.emit("invoice.voided", "alice", {})
    not_lined_up = save_without_delivering(server)
    line_up(world)
    assert take(world, server.webhooks.all()[0].id) is not None
    in_flight = save_without_delivering(server)
    for state in (not_lined_up, in_flight):
        with MockServer(clock=CLOCK) as second:
            inbox = Inbox()
            webhook_id = state["tables"]["webhook_endpoints"]["rows"][0][1]["id"]
            second._post.receivers[webhook_id] = receiver_for(inbox)
            load(second, state)
            assert inbox.types == ["invoice.paid", "invoice.voided"]


def save_without_delivering(server: MockServer) -> Any:
    from isa_mockserver.kernel.state import dump

    return dump(world_of(server))


def receiver_for(inbox: Inbox) -> Any:
    from isa_mockserver.testing.receivers import receiver_of

    return receiver_of(inbox, "/", lambda: "")


def test_a_state_that_is_saved_and_loaded_is_the_same_state(server: MockServer) -> None:
    server.webhooks.add(Inbox(500, 204), events=["invoice.paid"], adversary=["duplicate", "late"])
    server.webhooks.rotate(server.webhooks.all()[0].id)
    server.events.trigger("invoice.paid")
    server.clock.advance(minutes=11)
    state = save(server)
    with MockServer() as second:
        load(second, state)
        assert save(second) == state


def test_an_attempt_that_ends_after_another_state_was_loaded_changes_nothing_there(
    server: MockServer,
) -> None:
    empty = save(server)
    server.webhooks.add("http://127.0.0.1:9/never")
    world = world_of(server)
    with world.unit() as unit:
        unit.emit("invoice.paid", "alice", {})
    line_up(world)
    parcel = take(world, server.webhooks.all()[0].id)
    assert parcel is not None
    load(server, empty)
    settle(world, parcel, [Outcome(status=204)])
    assert save(server) == empty


def test_what_arrived_after_its_endpoint_was_turned_off_is_noted_and_stays_failed(
    server: MockServer,
) -> None:
    server.webhooks.add("http://127.0.0.1:9/never")
    world = world_of(server)
    with world.unit() as unit:
        unit.emit("invoice.paid", "alice", {})
    line_up(world)
    webhook_id = server.webhooks.all()[0].id
    parcel = take(world, webhook_id)
    assert parcel is not None
    with world.unit() as unit:
        switch(unit, webhook_id, on=False)
        assert switch(unit, webhook_id, on=False).enabled is False
    settle(world, parcel, [Outcome(status=204)])
    (delivery,) = server.webhooks.deliveries()
    assert (delivery.state, [attempt.status for attempt in delivery.attempts]) == ("failed", [204])


def test_without_the_receiver_s_process_an_attempt_fails_and_is_tried_again(server: MockServer) -> None:
    server.webhooks.add(Inbox())
    state = save(server)
    with MockServer(clock=CLOCK) as second:
        load(second, state)
        event = second.events.trigger("invoice.paid")
        (delivery,) = second.webhooks.deliveries(event)
        assert delivery.state == "pending"
        assert (delivery.attempts[0].status, bool(delivery.attempts[0].error)) == (None, True)
