"""What the commands say when something was meant otherwise, and what the server says of itself."""

from __future__ import annotations

import logging
import signal
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from isa_mockserver.cli import cli
from isa_mockserver.kernel.events import CATALOGUE
from isa_mockserver.serve.ports import choose_ports
from isa_mockserver.testing import MockServer
from isa_mockserver.web.spans import parse_span
from tests.server.web.jwts import SECRET
from tests.server.web.processes import FREE_PORTS, command, environment, running


def call(*arguments: str, url: str = "http://127.0.0.1:1") -> Result:
    return CliRunner().invoke(cli, arguments, env={"ISA_MOCKSERVER_URL": url})


@pytest.mark.parametrize(
    ("text", "seconds"), [("3days", 259_200), ("31 d", 2_678_400), ("1 hour", 3_600), ("2 Weeks", 1_209_600)]
)
def test_a_length_of_time_may_be_written_out(text: str, seconds: int) -> None:
    assert parse_span(text) == seconds


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("token", "user_1", "--jwt-secret", "short"), "the JWT secret must have at least 32 bytes"),
        (("token", "a\tb"), "cannot be the name of a user"),
        (("clock", "set", "tomorrow"), "'tomorrow' is not a time such as"),
        (("health", "--url", "localhost:8200"), "begin it with http://"),
        (("trigger",), "`isa-mockserver trigger --list`"),
        (("serve", "--port", "payment=9207"), "did you mean 'payments'?"),
        (("serve", "--port-offset", "100"), "the port offset 100 is none of 10000, 11000, ... 50000"),
    ],
)
def test_what_cannot_be_is_a_sentence_that_helps(arguments: tuple[str, ...], words: str) -> None:
    said = call(*arguments)
    assert said.exit_code != 0
    assert words in said.output


def test_the_types_of_events_are_listed_without_a_server() -> None:
    assert call("trigger", "--list").output.splitlines() == list(CATALOGUE)


def test_an_event_that_nobody_gets_is_said_to_go_nowhere() -> None:
    with MockServer(clock="2024-01-28") as server, server.serve() as live:
        assert "nobody gets it" in call("trigger", "invoice.paid", url=live.url()).output
        server.webhooks.add(lambda _: None, events=["invoice.paid"])
        assert "nobody gets it" not in call("trigger", "invoice.paid", url=live.url()).output
        assert "nobody gets it" in call("trigger", "refund.created", url=live.url()).output
        assert "2024-02-01T00:00:00Z" in call("clock", "set", "2024-02-01", url=live.url()).output
        assert "the books are in order" in call("ledger", url=live.url()).output


def test_who_lacks_the_admin_s_token_is_told_how_to_make_one() -> None:
    with running("--auth", "verify", "--jwt-secret", SECRET) as server:
        said = call("clock", url=server.url).output
    assert "isa-mockserver token operator --role admin" in said


def _life(*arguments: str) -> str:
    """All that a server prints for people, from its start to Ctrl-C."""
    process = subprocess.Popen(
        command(*FREE_PORTS, *arguments), env=environment(), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = ""
    while "Ctrl-C stops" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    return said + rest


def test_the_server_says_how_to_look_and_at_the_end_what_became_of_the_state() -> None:
    said = _life()
    assert "/docs; `isa-mockserver requests` shows what was asked" in said
    assert "export ISA_USER_TOKEN=user_456" in said
    assert said.endswith("Stopped; the state was in memory and is gone (--data FILE keeps it)\n")


def test_options_that_a_known_file_overrides_are_said_to_be_ignored(tmp_path: Path) -> None:
    file = str(tmp_path / "isa.db")
    first = _life("--data", file, "--clock", "2024-01-28T00:00:00Z")
    assert "ignored" not in first
    assert first.endswith(f"Stopped; the state is in {file}\n")
    again = _life("--data", file, "--clock", "2030-01-28T00:00:00Z")
    assert "--clock ignored: the file goes on from its own start" in again


def test_every_request_is_a_line_at_the_level_of_debugging(caplog: pytest.LogCaptureFixture) -> None:
    server = MockServer()
    server.request("GET", "/api/v1/wallets/me")
    assert "GET /api/v1/wallets/me" not in caplog.text
    caplog.set_level(logging.DEBUG, "isa_mockserver")
    server.request("GET", "/api/v1/wallets/me")
    server.request("GET", "/api/v1/credits/nothing", user=None)
    said = [record.getMessage() for record in caplog.records if record.levelno == logging.DEBUG]
    assert said[0].startswith("GET /api/v1/wallets/me user_1 -> 200 (")
    assert said[1].startswith("GET /api/v1/credits/nothing nobody -> 404 route_not_found (")


def test_ports_are_chosen_by_name() -> None:
    with pytest.raises(ValueError, match="did you mean 'wallets'"):
        choose_ports([("wallet", 9208)])
