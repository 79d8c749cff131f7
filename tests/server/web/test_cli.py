"""The commands against a running server: what they print, and how they fail."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import click
import httpx
import pytest
from click.testing import CliRunner, Result

from isa_mockserver import __main__ as entry
from isa_mockserver.cli import cli
from isa_mockserver.web.auth import DevAuthenticator, TrustedKey, VerifyAuthenticator
from isa_mockserver.web.spans import parse_span
from tests.server.web.jwts import SECRET
from tests.server.web.processes import Running, command, environment, run, running

NOWHERE = "http://127.0.0.1:1"
REMOTE_COMMANDS = (
    ["reset"],
    ["clock"],
    ["clock", "show"],
    ["clock", "advance", "1"],
    ["clock", "set", "2030-01-01T00:00:00Z"],
    ["clock", "freeze"],
    ["clock", "unfreeze"],
    ["state", "save", "state.json"],
    ["ledger", "check"],
    ["events"],
)


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running("--clock", "2024-01-28T10:00:00Z", "--id-seed", "7") as started:
        yield started


@pytest.fixture
def call(server: Running) -> Call:
    caller = Call(server.url)
    caller("reset")
    return caller


class Call:
    """Runs commands against one server."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(cli, arguments, env={"ISA_MOCKSERVER_URL": self._url})


def test_the_clock_is_shown_and_moved(call: Call) -> None:
    """CK-1."""
    assert call("clock").output == "2024-01-28T10:00:00Z (frozen)\n"
    moved = call("clock", "advance", "31d")
    assert moved.exit_code == 0
    *ran, last = moved.output.splitlines()
    assert last == "2024-02-28T10:00:00Z (frozen)"
    assert [line.split()[:2] for line in ran] == [["2024-02-26T10:00:00Z", "grant_expiry"]]
    assert call("clock", "set", "2024-03-01T00:00:00+01:00").output == "2024-02-29T23:00:00Z (frozen)\n"
    assert call("clock", "unfreeze").output.endswith("(ticking)\n")
    assert call("clock", "freeze").output.endswith("(frozen)\n")


def test_json_is_what_the_server_answered(call: Call) -> None:
    shown = call("clock", "--json")
    assert json.loads(shown.output) == {"now": "2024-01-28T10:00:00Z", "frozen": True}
    moved = json.loads(call("clock", "advance", "P1M", "--json").output)
    assert (moved["now"], [job["kind"] for job in moved["ran"]]) == ("2024-02-28T10:00:00Z", ["grant_expiry"])
    assert json.loads(call("ledger", "check", "--json").output)["ok"] is True
    assert json.loads(call("reset", "--json").output)["now"] == "2024-01-28T10:00:00Z"


def test_the_books_are_proved_by_the_exit_status(call: Call) -> None:
    good = call("ledger", "check")
    assert good.exit_code == 0
    assert good.output.startswith("the books are in order; sums: ")


def test_events_are_listed(call: Call) -> None:
    """WH-12: the fixture is silent, its grant's expiry is not."""
    assert call("events").output == ""
    call("clock", "advance", "31d")
    lines = call("events").output.splitlines()
    assert [line.split()[:3] for line in lines] == [["1", "2024-02-26T10:00:00Z", "credits.expired"]]
    assert json.loads(call("events", "--json").output)["sequence"] == 1
    assert call("events", "--since", "1").output == ""
    assert call("events", "--type", "payment.failed").output == ""
    wrong = call("events", "--type", "payment.fialed")
    assert (wrong.exit_code, wrong.output.count("\n")) == (1, 1)


def test_events_are_followed_until_interrupted(call: Call, server: Running) -> None:
    following = subprocess.Popen(
        command("events", "--follow", "--url", server.url),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    call("clock", "advance", "31d")
    assert following.stdout is not None
    assert "credits.expired" in following.stdout.readline()
    following.send_signal(signal.SIGINT)
    assert (*following.communicate(timeout=10), following.returncode) == ("", "", 0)


def test_the_state_is_saved_and_loaded(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    call("clock", "advance", "1d")
    saved = call("state", "save", str(file))
    assert saved.exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600, "secrets are in it"
    assert call("clock", "advance", "1d").exit_code == 0
    loaded = call("state", "load", str(file))
    assert loaded.output == f"loaded {file}; the clock says 2024-01-29T10:00:00Z (frozen)\n"
    assert call("clock").output == "2024-01-29T10:00:00Z (frozen)\n"


def test_a_failed_save_leaves_the_old_file_whole(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text("old")
    assert Call(NOWHERE)("state", "save", str(file)).exit_code == 1
    assert (file.read_text(), list(tmp_path.iterdir())) == ("old", [file])


def test_files_that_cannot_be_used_are_one_sentence(call: Call, tmp_path: Path) -> None:
    missing = call("state", "load", str(tmp_path / "nothing.json"))
    assert (
        missing.output == f"Error: {tmp_path / 'nothing.json'} cannot be read: No such file or directory.\n"
    )
    nowhere = call("state", "save", str(tmp_path / "no" / "such" / "folder.json"))
    assert (nowhere.exit_code, nowhere.output.count("\n")) == (1, 1)
    broken = tmp_path / "broken.json"
    broken.write_text('{"version": 1}')
    refused = call("state", "load", str(broken))
    assert (refused.exit_code, refused.output.count("\n")) == (1, 1)
    assert refused.output.startswith("Error: The state cannot be loaded: ")


@pytest.mark.parametrize("arguments", REMOTE_COMMANDS, ids=" ".join)
def test_without_a_server_every_command_says_so_in_one_sentence(arguments: list[str]) -> None:
    done = Call(NOWHERE)(*arguments)
    assert done.exit_code == 1
    assert done.output == (
        f"Error: No server answers at {NOWHERE}; start one with `isa-mockserver`, "
        "or give the address of its gateway with --url.\n"
    )


@pytest.mark.parametrize("url", ["nonsense", "ftp://localhost", "http://", "http://[", "http://local host"])
def test_an_address_that_is_none_is_one_sentence(url: str) -> None:
    done = CliRunner().invoke(cli, ["clock", "--url", url])
    assert done.exit_code == 1
    assert done.output.count("\n") == 1
    assert done.output.startswith("Error: ")


def test_refusals_of_the_server_are_one_sentence(call: Call) -> None:
    backwards = call("clock", "set", "2020-01-01T00:00:00Z")
    assert backwards.exit_code == 1
    assert backwards.output == "Error: The clock stands at 2024-01-28T10:00:00Z and only moves forward.\n"


def test_a_server_of_another_kind_is_one_sentence(server: Running) -> None:
    other = f"{server.url}/health?"
    done = CliRunner().invoke(cli, ["clock", "--url", other])
    assert done.exit_code == 1
    assert done.output.count("\n") == 1


def test_proxies_of_the_environment_are_not_asked(server: Running) -> None:
    done = CliRunner().invoke(cli, ["clock", "--url", server.url], env={"HTTP_PROXY": NOWHERE})
    assert done.exit_code == 0


# Tokens need no server


def test_a_token_is_made_without_a_server() -> None:
    made = CliRunner().invoke(
        cli, ["token", "alice", "--role", "admin", "--role", "support", "--sandbox", "b"]
    )
    caller = DevAuthenticator().authenticate(f"Bearer {made.output.strip()}")
    assert (caller.user_id, set(caller.roles), caller.sandbox) == ("alice", {"admin", "support"}, "b")


def test_a_token_can_be_made_for_a_server_that_verifies() -> None:
    """AU-2."""
    arguments = ["token", "alice", "--json", "--jwt-issuer", "me", "--jwt-audience", "isa"]
    made = CliRunner().invoke(cli, arguments, env={"ISA_MOCKSERVER_JWT_SECRET": SECRET})
    verify = VerifyAuthenticator(TrustedKey.shared_secret(SECRET), issuer="me", audience="isa")
    assert verify.authenticate(f"Bearer {json.loads(made.output)['token']}").user_id == "alice"


@pytest.mark.parametrize("ttl", ["1h", "3600"])
def test_a_token_has_the_lifetime_that_was_asked_for(ttl: str) -> None:
    """AU-3."""
    made = CliRunner().invoke(cli, ["token", "alice", "--ttl", ttl])
    assert DevAuthenticator().authenticate(f"Bearer {made.output.strip()}").user_id == "alice"
    expired = CliRunner().invoke(cli, ["token", "alice", "--ttl", "-60"])
    with pytest.raises(Exception, match="token_expired"):
        DevAuthenticator().authenticate(f"Bearer {expired.output.strip()}")


@pytest.mark.parametrize("ttl", ["P1M", "forever", "9999999999999", ""])
def test_a_lifetime_that_is_none_is_refused(ttl: str) -> None:
    assert CliRunner().invoke(cli, ["token", "alice", "--ttl", ttl]).exit_code == 2


@pytest.mark.parametrize(
    ("text", "span"),
    [
        *(("90", 90), ("90s", 90), ("5m", 300), ("12h", 43_200), ("31d", 2_678_400), ("2w", 1_209_600)),
        *(("1d12h", 129_600), ("-60", -60), ("P1M", "P1M")),
    ],
)
def test_lengths_of_time_are_typed_as_people_do(text: str, span: int | str) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize("text", ["", "d", "31", "1.5h", "1y", "-1d", "٣d"])
def test_other_texts_are_no_lengths_of_time(text: str) -> None:
    if text == "31":
        assert parse_span(text) == 31
    else:
        with pytest.raises(ValueError, match="length of time"):
            parse_span(text)


# The group itself


def test_without_a_command_the_options_are_those_of_serve() -> None:
    done = run("--port", "nonsense")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "SERVICE=PORT" in done.stderr


def test_help_and_version_are_the_groups() -> None:
    helped = CliRunner().invoke(cli, ["--help"])
    assert helped.exit_code == 0
    assert all(
        name in helped.output for name in ("serve", "token", "reset", "clock", "state", "ledger", "events")
    )
    assert CliRunner().invoke(cli, ["--version"]).output.startswith("isa-mockserver ")


Named = tuple[tuple[str, ...], click.Command]


def every_command(command: click.Command = cli, path: tuple[str, ...] = ()) -> Iterator[Named]:
    """The commands below this one, with their names."""
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from every_command(inner, (*path, name))
    else:
        yield path, command


def test_every_command_has_help_and_remote_ones_have_json_and_url() -> None:
    commands = dict(every_command())
    assert {("serve",), ("health",), ("clock", "advance"), ("state", "save"), ("ledger", "check")} <= set(
        commands
    )
    for path, one in commands.items():
        assert one.help, path
        options = {option for param in one.params for option in param.opts}
        assert path == ("serve",) or "--json" in options, path
        assert path in (("serve",), ("token",)) or "--url" in options, path


def test_python_m_works_too() -> None:
    done = run("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("isa-mockserver ")


@pytest.mark.parametrize("missing", ["click", "starlette", "uvicorn", "httptools"])
def test_without_its_libraries_it_says_what_to_install(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    without = "isa_mockserver.__main__.find_spec"
    monkeypatch.setattr(without, lambda name: None if name == missing else find_spec(name))
    with pytest.raises(SystemExit) as ended:
        entry.main()
    assert ended.value.code == (
        'The reference server is not installed; install it with: pip install "isa-user[mockserver]"'
    )


def test_the_entry_point_alone_needs_no_library() -> None:
    """In an installation of the SDK alone it must come as far as its sentence."""
    script = (
        "import sys, isa_mockserver.__main__\n"
        "print([name for name in ('click', 'starlette', 'uvicorn', 'jwt') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_authenticate_plays_the_customer(call: Call, server: Running) -> None:
    """Rules 2.3, from a terminal."""
    body = {
        "amount": 4000,
        "currency": "usd",
        "payment_method_id": "pm_card_authenticationRequired",
        "confirm": True,
    }
    headers = {"Authorization": "Bearer user_1"}
    made = [
        httpx.post(f"{server.url}/api/v1/payments/intent", json=body, headers=headers).json()
        for _ in range(2)
    ]
    good, bad = (intent["payment_intent_id"] for intent in made)
    assert call("authenticate", good).output == f"{good} is succeeded\n"
    said = call("authenticate", bad, "--outcome", "failure").output
    assert said.startswith(f"{bad} is requires_payment_method: ")
    again = call("authenticate", good)
    assert again.exit_code == 1
    assert again.output.startswith("Error: ")


def test_a_command_loads_no_other_command() -> None:
    """`serve` is up sooner for it, and `token` need not wait for what `listen` needs."""
    script = (
        "import sys; from isa_mockserver.cli import cli; cli.commands['serve'];"
        "print(sorted(name for name in sys.modules if name.startswith('isa_mockserver.cli.')))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    names = ("default", "group", "late", "serve")
    assert done.stdout == f"{[f'isa_mockserver.cli.{name}' for name in names]}\n"
