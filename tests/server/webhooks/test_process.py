"""`isa-mockserver serve --webhook URL`, and the commands, against a server in a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from isa_mockserver.app import build
from isa_mockserver.cli import cli
from isa_mockserver.serve.banner import banner
from isa_mockserver.serve.options import ServeOptions
from isa_mockserver.serve.ports import DOCUMENTED
from isa_mockserver.serve.settings import settings_of
from isa_mockserver.webhooks.adversary import TRICKS
from isa_mockserver.webhooks.model import ENDPOINTS
from isa_user.webhooks import Webhook
from tests.server.web.processes import Running, command, environment, run, running
from tests.server.webhooks.inbox import Inbox
from tests.server.webhooks.sockets import listening

SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


def until(reached: Callable[[], bool]) -> None:
    for _ in range(1000):
        if reached():
            return
        time.sleep(0.01)
    raise AssertionError("that took longer than ten seconds")


class Call:
    """Runs commands against one server."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(cli, arguments, env={"ISA_MOCKSERVER_URL": self._url})

    def json(self, *arguments: str) -> Any:
        answer = self(*arguments, "--json")
        assert answer.exit_code == 0, answer.output
        return json.loads(answer.output)


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running("--clock", "2024-01-28T10:00:00Z", "--id-seed", "7") as started:
        yield started


@pytest.fixture
def call(server: Running) -> Call:
    caller = Call(server.url)
    caller("reset")
    return caller


def test_wh10_endpoints_of_the_start_get_events_and_survive_a_reset() -> None:
    inbox, second = Inbox(), Inbox()
    with (
        listening(inbox) as one,
        listening(second) as two,
        running("--webhook", one, "--webhook", two) as server,
    ):
        call = Call(server.url)
        call("trigger", "invoice.paid")
        until(lambda: inbox.types == second.types == ["invoice.paid"])
        before = call.json("webhooks")["data"]
        assert [each["url"] for each in before] == [one, two]
        assert before[0]["secret"] != before[1]["secret"]
        call("webhooks", "add", one)
        call("webhooks", "rotate", before[0]["webhook_id"])
        call("reset")
        after = call.json("webhooks")["data"]
        assert [(each["webhook_id"], each["secret"]) for each in after] == [
            (each["webhook_id"], each["secret"]) for each in before
        ]
        call("trigger", "refund.created")
        until(lambda: len(inbox.got) == len(second.got) == 2)
        Webhook(before[0]["secret"]).verify(inbox.got[1].body, inbox.got[1].headers)
        code, _, log = server.stop()
    assert code == 0
    assert "whsec_" not in log
    assert f"INFO webhook invoice.paid to {one}: 204" in log


def test_decision_8_secrets_repeat_with_an_id_seed_and_only_with_one() -> None:
    def secrets(**options: Any) -> list[str]:
        asked = ServeOptions(webhooks=("http://127.0.0.1:9/1", "http://127.0.0.1:9/2"), **options)
        world = build(settings_of(asked)).runtime.world
        return [endpoint.secret for endpoint in world.tables[ENDPOINTS.name].rows.values()]

    assert secrets(id_seed=3) == secrets(id_seed=3)
    assert len({*secrets(id_seed=3), *secrets(id_seed=4), *secrets(), *secrets()}) == 8
    assert secrets(webhook_secret=SECRET) == [SECRET, SECRET]


def test_wh7_in_real_time_a_failed_delivery_is_tried_again_without_any_request() -> None:
    inbox = Inbox(500)
    with listening(inbox) as url, running("--webhook", url) as server:
        Call(server.url)("trigger", "invoice.paid")
        until(lambda: len(inbox.got) == 2)
        first, second = inbox.got
    assert first.id == second.id
    assert 5 <= second.timestamp - first.timestamp <= 7


def test_a_server_with_a_delivery_in_flight_still_ends_at_once_and_quietly() -> None:
    class Stuck(Inbox):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            self.got.append(None)  # type: ignore[arg-type]
            await receive()
            while (await receive())["type"] != "http.disconnect":
                pass

    stuck = Stuck()
    with listening(stuck) as url, running("--webhook", url) as server:
        Call(server.url)("trigger", "invoice.paid")
        until(lambda: len(stuck.got) == 1)
        began = time.monotonic()
        code, _, log = server.stop()
    assert code == 0
    assert time.monotonic() - began < 5
    assert "Traceback" not in log


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--webhook", "ftp://x"], "The webhook address 'ftp://x' must be an http or https address."),
        (["--webhook-secret", "hunter2"], "The webhook secret must be whsec_ and base64 of 24 to 64 bytes."),
        (
            [w for n in range(17) for w in ("--webhook", f"http://x/{n}")],
            "There can be 16 webhook endpoints at most.",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(arguments: list[str], words: str) -> None:
    done = run("serve", *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"Error: {words}\n")


def test_the_banner_tells_where_webhooks_go_and_what_signs_them() -> None:
    text = banner(ServeOptions(), DOCUMENTED, [("http://localhost:9000/x", SECRET)])
    assert f"Webhooks go to http://localhost:9000/x, signed with {SECRET}" in text.splitlines()


class TestCommands:
    URL = "http://127.0.0.1:9/hook"

    def test_endpoints_are_listed_added_rotated_switched_and_removed(self, call: Call) -> None:
        assert call("webhooks").output == "no endpoints; `webhooks add URL` adds one\n"
        made = call.json("webhooks", "add", self.URL, "--event", "invoice.paid", "--description", "mine")
        webhook_id, secret = made["webhook_id"], made["secret"]
        assert (made["events"], made["description"]) == (["invoice.paid"], "mine")
        assert call("webhooks").output == f"{webhook_id}  {self.URL}  invoice.paid  {secret}\n"
        turned = call.json("webhooks", "rotate", webhook_id)
        assert (turned["old_secret"], turned["secret"] != secret) == (secret, True)
        assert call.json("webhooks", "rotate", webhook_id, "--expire-now")["old_secret"] is None
        off = call("webhooks", "disable", webhook_id).output
        assert off == f"{webhook_id}  {self.URL}  invoice.paid  disabled: turned off\n"
        assert call("webhooks", "enable", webhook_id).output == f"{webhook_id}  {self.URL}  invoice.paid\n"
        assert call("webhooks", "remove", webhook_id).output == f"removed {webhook_id}\n"
        assert call.json("webhooks")["data"] == []

    def test_tricks_and_a_secret_of_one_s_own(self, call: Call) -> None:
        tricks = [word for trick in TRICKS for word in ("--adversary", trick)]
        made = call.json("webhooks", "add", self.URL, "--secret", SECRET, *tricks)
        assert (made["adversary"], made["secret"]) == (list(TRICKS), SECRET)
        refused = call("webhooks", "add", self.URL, "--adversary", "lazy")
        assert refused.exit_code == 2

    def test_what_the_server_refuses_is_one_sentence(self, call: Call) -> None:
        gone = call("webhooks", "remove", "wh_none")
        assert (gone.exit_code, gone.output) == (1, "Error: There is no such webhook endpoint.\n")
        assert call("webhooks", "remove", "a/../b").exit_code == 1
        unknown = call("trigger", "payment.exploded")
        assert (unknown.exit_code, unknown.output) == (
            1,
            "Error: 'type' is not an event type of the catalogue; did you mean 'payment.canceled'?.\n",
        )
        assert call("webhooks", "deliveries", "evt_none").output == "Error: There is no such event.\n"

    def test_a_trigger_takes_user_and_fields(self, call: Call) -> None:
        fields = ["--set", "total=17", "--set", "number=INV-x", "--set", 'metadata={"a":"b"}']
        event = call.json("trigger", "invoice.paid", "--user", "alice", *fields)
        subject = event["data"]["object"]
        assert (subject["total"], subject["number"], subject["metadata"]) == (17, "INV-x", {"a": "b"})
        assert subject["customer_id"] == "alice"
        shown = call("trigger", "invoice.paid").output
        assert shown.split()[:3] == ["2", "2024-01-28T10:00:00Z", "invoice.paid"]
        assert call("trigger", "invoice.paid", "--set", "total").exit_code == 2
        assert call("trigger", "invoice.paid", "--set", "=1").exit_code == 2

    def test_deliveries_are_shown_and_made_again(self, call: Call) -> None:
        inbox = Inbox(500)
        with listening(inbox) as url:
            webhook_id = call.json("webhooks", "add", url)["webhook_id"]
            event_id = call.json("trigger", "invoice.paid")["id"]
            until(lambda: bool(call.json("webhooks", "deliveries", event_id)["data"][0]["attempts"]))
            first, second = call("webhooks", "deliveries", event_id).output.splitlines()
            assert first == f"{webhook_id}  pending, next attempt 2024-01-28T10:00:05Z"
            assert second.split()[:2] == ["2024-01-28T10:00:00Z", "500"]
            again = call("webhooks", "redeliver", event_id)
            assert again.output == f"sent once more to {webhook_id}\n"
            until(lambda: call.json("webhooks", "deliveries", event_id)["data"][0]["state"] == "delivered")
            assert call("webhooks", "redeliver", event_id, "--to", webhook_id).exit_code == 0
            until(lambda: len(inbox.got) == 3)
        assert set(inbox.ids) == {event_id}

    def test_an_event_that_nobody_took(self, call: Call) -> None:
        event_id = call.json("trigger", "invoice.paid")["id"]
        assert call("webhooks", "deliveries", event_id).output == "no endpoint took this event\n"
        assert (
            call("webhooks", "redeliver", event_id).output == "sent once more to no endpoint: none takes it\n"
        )


class Listener:
    """`isa-mockserver listen` as a process, up to its first line."""

    def __init__(self, server: Running, *arguments: str) -> None:
        self._process = subprocess.Popen(
            command("listen", *arguments),
            env=environment(ISA_MOCKSERVER_URL=server.url),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.first = self._process.stdout.readline()

    def stop(self) -> tuple[int, list[str], str]:
        self._process.send_signal(signal.SIGINT)
        out, err = self._process.communicate(timeout=20)
        return self._process.returncode, out.splitlines(), err


def test_listen_sends_on_what_happens_from_now_on_signed(server: Running, call: Call) -> None:
    inbox = Inbox(204, 500)
    call("trigger", "invoice.created")
    with listening(inbox) as url:
        listener = Listener(server, "--forward-to", f"{url}/hook", "--secret", SECRET)
        assert listener.first == f"forwarding to {url}/hook, signed with {SECRET}\n"
        call("trigger", "invoice.paid")
        call("trigger", "refund.created")
        until(lambda: len(inbox.got) == 2)
        call("reset")  # counts from 1 again
        call("trigger", "payment.failed")
        until(lambda: len(inbox.got) == 3)
        time.sleep(0.2)
        code, lines, err = listener.stop()
    assert inbox.types == ["invoice.paid", "refund.created", "payment.failed"]
    for got in inbox.got:
        Webhook(SECRET).verify(got.body, got.headers)
    assert [line.rpartition(" -> ")[2] for line in lines] == ["204", "500", "204"]
    assert (code, err) == (0, "")


def test_listen_can_choose_types_and_print_json_and_makes_a_secret(server: Running, call: Call) -> None:
    inbox = Inbox()
    with listening(inbox) as url:
        listener = Listener(server, "--forward-to", url, "--event", "invoice.paid", "--json")
        begun = json.loads(listener.first)
        call("trigger", "refund.created")
        event = call.json("trigger", "invoice.paid")
        until(lambda: len(inbox.got) == 1)
        time.sleep(0.2)
        _, lines, _ = listener.stop()
    Webhook(begun["secret"]).verify(inbox.got[0].body, inbox.got[0].headers)
    told = {"event_id": event["id"], "type": "invoice.paid", "status": 204, "error": None}
    assert [json.loads(line) for line in lines] == [told]


def test_listen_says_when_nobody_takes_it(server: Running, call: Call) -> None:
    listener = Listener(server, "--forward-to", "http://127.0.0.1:1/hook", "--json")
    call("trigger", "invoice.paid")
    time.sleep(1.2)
    _, lines, _ = listener.stop()
    assert json.loads(lines[0])["error"].startswith("ConnectError")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--forward-to", "ftp://x"],
        ["--forward-to", "http://localhost:9/x", "--secret", "hunter2"],
        [],
    ],
)
def test_listen_refuses_what_cannot_be(call: Call, arguments: list[str]) -> None:
    assert call("listen", *arguments).exit_code == 2


def test_wh7_a_jump_of_a_ticking_clock_leaves_the_endpoint_on_and_the_log_says_what_fails() -> None:
    inbox = Inbox(then=307, headers={"location": "/hooks/"})
    with listening(inbox) as url, running("--webhook", url) as server:
        call = Call(server.url)
        event_id = call.json("trigger", "invoice.paid")["id"]
        until(lambda: any(each["attempts"] for each in call.json("webhooks", "deliveries", event_id)["data"]))
        call("clock", "advance", "31d")  # in which the demo's own subscription is renewed as well
        until(lambda: inbox.types.count("invoice.paid") == 2)
        call("trigger", "subscription.renewed")
        until(lambda: inbox.types[-1] == "subscription.renewed")
        assert [each["enabled"] for each in call.json("webhooks")["data"]] == [True]
        _, _, log = server.stop()
    reason = "307: redirects are not followed; register the address /hooks/; again in "
    assert f"WARNING webhook invoice.paid to {url}: {reason}" in log


def test_who_moves_time_hears_that_an_endpoint_is_off(server: Running, call: Call) -> None:
    with listening(Inbox(410)) as url:
        made = call.json("webhooks", "add", url)["webhook_id"]
        call("trigger", "invoice.paid")
        until(lambda: not call.json("webhooks")["data"][-1]["enabled"])
        said = call("clock", "advance", "1h").output
    assert f"no events go to {url}: 410 Gone; `isa-mockserver webhooks enable {made}` turns it on" in said
