"""The commands of the server as a test tool: what was asked, what goes wrong, who is known, what is amiss."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

from isa_mockserver.cli import cli
from isa_mockserver.testing import MockServer
from isa_mockserver.testing.live import LiveServer
from tests.server.web.processes import command

Call = Callable[..., Result]


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[MockServer, LiveServer]]:
    with MockServer(seed="demo", clock="2024-01-28T10:00:00Z") as server, server.serve() as live:
        yield server, live


@pytest.fixture
def live(served: tuple[MockServer, LiveServer]) -> LiveServer:
    served[0].reset()
    return served[1]


@pytest.fixture
def call(live: LiveServer) -> Call:
    def run(*arguments: str, status: int = 0) -> Result:
        done = CliRunner().invoke(cli, arguments, env={"ISA_MOCKSERVER_URL": live.url()})
        assert done.exit_code == status, done.output
        return done

    return run


def _ask(live: LiveServer, path: str, user: str = "user_456", **headers: str) -> int:
    auth = {"Authorization": f"Bearer {user}"}
    return httpx.get(live.url() + path, headers={**auth, **headers}).status_code


def _json(done: Result) -> Any:
    return json.loads(done.stdout)


def test_requests_are_listed_filtered_counted_and_forgotten(call: Call, live: LiveServer) -> None:
    assert call("requests").output == "nothing was asked\n"
    _ask(live, "/api/v1/wallets/me")
    _ask(live, "/api/v1/payments/nothing", user="user_789")
    lines = call("requests").output.splitlines()
    assert "200  GET    /api/v1/wallets/me  user_456" in lines[0]
    assert "404" in lines[1]
    assert "route_not_found" in lines[1]
    found = _json(call("requests", "--json", "--user", "user_789", "--status", "4xx"))
    assert [entry["code"] for entry in found["data"]] == ["route_not_found"]
    assert "get_balance" in call("requests", "list", "--counts").output
    assert _json(call("requests", "--counts", "--json"))["total"] == 2
    assert "go on with --since 1" in call("requests", "--limit", "1").output
    assert call("requests", "clear").output == "forgot 2 requests\n"
    assert "status" in call("requests", "--status", "abc", status=1).output


def test_faults_are_added_listed_removed_and_cleared(call: Call, live: LiveServer) -> None:
    assert call("faults").output == "no faults\n"
    made = call("faults", "add", "status", "--status", "503", "--operation", "get_balance", "--times", "2")
    assert "fault_1" in made.output
    assert "operation=get_balance" in made.output
    statuses = [_ask(live, "/api/v1/wallets/me") for _ in range(3)]
    assert statuses == [503, 503, 200]
    assert "(matched 2, struck 2 of 2)" in call("faults").output
    always = _json(call("faults", "add", "latency", "--latency", "0.01", "--always", "--user", "x", "--json"))
    assert (always["times"], always["latency_s"], always["match"]["user"]) == (None, 0.01, "x")
    assert call("faults", "remove", "fault_1").output == "fault_1 is gone\n"
    assert call("faults", "clear").output == "removed 1 faults\n"
    assert "There is no such fault." in call("faults", "remove", "fault_1", status=1).output
    refused = call("faults", "add", "drop_before", "--operation", "depositt", status=1)
    assert "did you mean 'deposit'?" in refused.output


def test_the_help_of_faults_says_what_each_effect_does(call: Call) -> None:
    text = " ".join(call("faults", "add", "--help").output.split())
    assert "drop_after_commit: does the work, then closes the connection without an answer" in text


def test_users_are_listed_and_made_known(call: Call) -> None:
    assert "user_456" in call("users").output
    assert call("users", "add", "alice").output == "alice is known since 2024-01-28T10:00:00Z\n"
    names = [user["user_id"] for user in _json(call("users", "list", "--json"))["data"]]
    assert names == ["user_456", "user_789", "alice"]


def test_every_command_goes_to_the_sandbox_that_it_names(call: Call, live: LiveServer) -> None:
    call("sandboxes", "add", "red", "--seed", "demo", "--clock", "2030-01-01T00:00:00Z")
    assert call("clock", "--sandbox", "red").output == "2030-01-01T00:00:00Z (frozen)\n"
    assert call("clock").output == "2024-01-28T10:00:00Z (frozen)\n"
    _ask(live, "/api/v1/wallets/me", **{"Isa-Sandbox": "red"})
    assert "get_balance" in call("requests", "--counts", "--sandbox", "red").output
    assert call("requests").output == "nothing was asked\n"
    assert "red " in call("sandboxes").output
    assert call("sandboxes", "drop", "red").output == "dropped red\n"
    assert call("sandboxes", "drop", "--all").output == "dropped 0 sandboxes\n"
    assert "Name one sandbox" in call("sandboxes", "drop", status=2).output
    assert "A sandbox's name must be" in call("clock", "--sandbox", "no spaces", status=1).output


def test_snapshots_are_taken_compared_restored_forked_and_dropped(call: Call) -> None:
    assert call("snapshots").output == "no snapshots\n"
    call("snapshots", "take", "then")
    assert call("snapshots", "diff", "then").output == "nothing changed\n"
    call("users", "add", "alice")
    call("clock", "advance", "1d")
    changes = call("snapshots", "diff", "then").output
    assert "+ users alice" in changes
    assert "time: 2024-01-28T10:00:00Z -> 2024-01-29T10:00:00Z" in changes
    call("snapshots", "restore", "then")
    assert "alice" not in call("users").output
    call("snapshots", "fork", "then", "green")
    assert "user_456" in call("users", "--sandbox", "green").output
    call("snapshots", "drop", "then")
    call("sandboxes", "drop", "green")
    assert "There is no snapshot" in call("snapshots", "restore", "then", status=1).output


def _doctor(url: str, *arguments: str, **environment: str) -> Result:
    clean = {name: "" for name in os.environ if name.startswith("ISA_USER_")}
    return CliRunner().invoke(
        cli, ["doctor", *arguments], env={**clean, "ISA_MOCKSERVER_URL": url, **environment}
    )


def _checks(done: Result) -> dict[str, tuple[str, str]]:
    return {check["name"]: (check["level"], check["words"]) for check in json.loads(done.stdout)["checks"]}


def test_doctor_tells_versions_ports_and_the_clock(live: LiveServer) -> None:
    done = _doctor(live.url(), "--json")
    checks = _checks(done)
    assert {"python", "isa-user", "starlette", "port 8207 (payments)", "port 8200 (gateway)"} <= set(checks)
    assert checks["clock"][0] == "ok"
    assert checks["clock"][1].startswith("2024-01-28T10:00:00Z (frozen), ")
    assert "away from real time" in checks["clock"][1]
    assert all(line[:9] in ("  ok     ", "  note   ") for line in _doctor(live.url()).output.splitlines())


def test_doctor_asks_the_configured_services_how_they_are(live: LiveServer) -> None:
    urls = {"ISA_USER_PAYMENT_URL": live.url("payments"), "ISA_USER_BASE_URL": live.url()}
    checks = _checks(_doctor(live.url(), "--json", **urls))
    assert checks["ISA_USER_PAYMENT_URL"] == ("ok", f"payment_service answers at {live.url('payments')}")
    assert checks["ISA_USER_BASE_URL"][0] == "ok"
    done = _doctor(live.url(), ISA_USER_WALLET_URL="http://user:CANARY@127.0.0.1:1")
    assert done.exit_code == 1
    line = next(line for line in done.output.splitlines() if "ISA_USER_WALLET_URL" in line)
    assert line.startswith("PROBLEM  ")
    assert "does not answer GET /health" in line
    assert "CANARY" not in done.output


def test_doctor_names_who_holds_a_documented_port(monkeypatch: pytest.MonkeyPatch) -> None:
    from isa_mockserver.cli import checkup

    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setattr(checkup, "DOCUMENTED", {"payments": port})
        monkeypatch.setattr(checkup, "_PATIENCE_S", 0.2)
        done = _doctor("http://127.0.0.1:1", "--json")
    assert done.exit_code == 1
    level, words = _checks(done)[f"port {port} (payments)"]
    assert level == "problem"
    assert f"(process {os.getpid()})" in words
    assert _checks(done)["clock"][0] == "note"


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("sna", ["snapshots"]), ("req", ["requests"]), ("faults ad", ["add"]), ("faults add drop", None)],
)
def test_the_shell_completes_commands(typed: str, offered: list[str] | None) -> None:
    """Click's own completion, by the variable that `_ISA_MOCKSERVER_COMPLETE=bash_source` prints."""
    words = f"isa-mockserver {typed}"
    environment = {
        **os.environ,
        "_ISA_MOCKSERVER_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    arguments = command(*words.split()[1:])
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=60, check=True)
    found = [line.partition(",")[2] for line in done.stdout.splitlines()]
    assert found == (offered or ["drop_before", "drop_after_commit", "drop_mid_body"])


def test_every_new_command_fails_in_one_sentence_without_a_server() -> None:
    for arguments in (["requests"], ["faults"], ["users"], ["sandboxes"], ["snapshots"]):
        done = CliRunner().invoke(cli, [*arguments, "--url", "http://127.0.0.1:1"])
        assert done.exit_code == 1
        assert len(done.output.strip().splitlines()) == 1
        assert "No server answers at http://127.0.0.1:1" in done.output
