"""Which ports, which addresses, who is let in: what the server accepts and refuses at the start."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from isa_mockserver.serve.banner import banner, base_url
from isa_mockserver.serve.holder import holder_of
from isa_mockserver.serve.options import OptionError, ServeOptions
from isa_mockserver.serve.ports import DOCUMENTED, choose_ports, parse_override
from isa_mockserver.serve.settings import settings_of
from isa_mockserver.serve.sockets import CannotListenError, is_loopback, listen
from isa_mockserver.web.auth import DevAuthenticator, VerifyAuthenticator, mint_token
from tests.server.web.jwts import SECRET
from tests.server.web.processes import FREE_PORTS, exchange, get, run, running


def test_the_ports_are_the_documented_ones() -> None:
    assert choose_ports() == {
        "payments": 8207,
        "wallets": 8208,
        "billing": 8216,
        "subscriptions": 8228,
        "credits": 8229,
        "gateway": 8200,
    }


def test_ports_are_shifted_or_given_one_by_one() -> None:
    shifted = choose_ports([("gateway", 0), ("credits", 7000)], offset=10_000)
    assert (shifted["payments"], shifted["credits"], shifted["gateway"]) == (18_207, 7000, 0)
    assert choose_ports([("payments", 8208), ("wallets", 8207)])["payments"] == 8208


@pytest.mark.parametrize(
    ("overrides", "offset", "words"),
    [
        ([("paments", 1)], 0, "no service 'paments'"),
        ([("payments", 65_536)], 0, "65536"),
        ([], 60_000, r"none of 10000, 11000, \.\.\. 50000"),
        ([], 1_000, r"none of 10000, 11000, \.\.\. 50000"),
        ([], 10_001, r"none of 10000, 11000, \.\.\. 50000"),
        ([], -9_000, r"none of 10000, 11000, \.\.\. 50000"),
        ([("payments", 8208)], 0, "payments and wallets cannot both listen on port 8208"),
    ],
)
def test_ports_that_cannot_be_are_refused(overrides: list[tuple[str, int]], offset: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        choose_ports(overrides, offset)


@pytest.mark.parametrize(
    "text", ["payments", "payments=", "payments=x", "payments=-1", "payments=123456", "=²"]
)
def test_an_override_has_the_form_service_is_port(text: str) -> None:
    assert parse_override("payments=0") == ("payments", 0)
    with pytest.raises(ValueError, match="SERVICE=PORT"):
        parse_override(text)


def test_a_free_port_is_the_same_on_both_loopback_addresses() -> None:
    listening = listen("127.0.0.1", {"payments": 0, "gateway": 0})
    try:
        names = [one.getsockname()[:2] for one in listening.sockets]
        for service, port in listening.ports.items():
            assert ("127.0.0.1", port) in names, service
        ipv6 = [name for name in names if name[0] == "::1"]
        assert len(ipv6) in (0, 2)
        assert {port for _, port in ipv6} <= set(listening.ports.values())
    finally:
        listening.close()


def test_all_sockets_or_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        free = listen("127.0.0.1", {"payments": 0})
        free.close()
        ports = {"payments": free.ports["payments"], "wallets": taken}
        with pytest.raises(CannotListenError, match=rf"Port {taken} \(wallets\) is already in use"):
            listen("127.0.0.1", ports)
        listen("127.0.0.1", {"payments": free.ports["payments"]}).close()


def test_an_address_of_another_machine_is_one_sentence() -> None:
    with pytest.raises(
        CannotListenError, match=r"^192\.0\.2\.1 port \d+ \(payments\) cannot be listened on: "
    ):
        listen("192.0.2.1", {"payments": 8207})


def test_the_holder_of_a_port_is_found_where_the_system_tells() -> None:
    with socket.create_server(("127.0.0.1", 0)) as own:
        found = holder_of(own.getsockname()[1])
    assert found is None or "process" in found


def test_the_holder_of_a_port_is_read_from_the_process_table(tmp_path: Path) -> None:
    table = (
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
        "   0: 0100007F:200F 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4242 1\n"
        "   1: 0100007F:2010 00000000:0000 01 00000000:00000000 00:00000000 00000000  1000        0 4343 1\n"
    )
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "tcp").write_text(table)
    (tmp_path / "4711" / "fd").mkdir(parents=True)
    (tmp_path / "4711" / "comm").write_text("python\n")
    (tmp_path / "4711" / "fd" / "7").symlink_to("socket:[4242]")
    assert holder_of(0x200F, proc=tmp_path) == "python (process 4711)"
    assert holder_of(0x2010, proc=tmp_path) is None, "a connection is not a listener"
    assert holder_of(1, proc=tmp_path) is None
    assert holder_of(0x200F, proc=tmp_path / "nothing") is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "mock.internal", "128.0.0.1"])
def test_development_tokens_on_an_address_that_others_reach_are_refused(host: str) -> None:
    """AU-2."""
    with pytest.raises(
        OptionError, match=r"can be reached from other machines.*--auth verify.*--allow-remote"
    ):
        settings_of(ServeOptions(host=host))
    assert not is_loopback(host)
    settings_of(ServeOptions(host=host, allow_remote=True))
    settings_of(ServeOptions(host=host, auth="verify", jwt_secret=SECRET))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_addresses_need_no_permission(host: str) -> None:
    """AU-2."""
    assert isinstance(settings_of(ServeOptions(host=host)).authenticator, DevAuthenticator)


def test_verify_mode_takes_one_key_and_closes_the_doors() -> None:
    """AU-2: no CORS, and the control API is for admins."""
    settings = settings_of(ServeOptions(auth="verify", jwt_secret=SECRET, jwt_issuer="me"))
    assert isinstance(settings.authenticator, VerifyAuthenticator)
    assert (settings.browsers, settings.control.admins_only) == (False, True)
    assert settings.control.mint is not None
    assert settings.control.mint.issuer == "me"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (ServeOptions(auth="verify"), "needs one key"),
        (ServeOptions(auth="verify", jwt_secret=SECRET, jwt_public_key=b"x"), "needs one key"),
        (ServeOptions(auth="verify", jwt_secret="short"), "at least 32 bytes"),
        (ServeOptions(auth="verify", jwt_public_key=b"x"), "not a public key"),
    ],
)
def test_verify_mode_without_a_proper_key_is_refused(options: ServeOptions, words: str) -> None:
    """AU-2."""
    with pytest.raises(OptionError, match=words):
        settings_of(options)


def test_options_do_not_show_the_secret() -> None:
    assert SECRET not in repr(ServeOptions(auth="verify", jwt_secret=SECRET))


def test_names_may_be_allowed_for_the_control_api() -> None:
    """--allow-host, in any case; the server's own address is allowed too."""
    options = ServeOptions(host="192.0.2.1", allow_remote=True, allow_hosts=("Mock.Internal",))
    assert settings_of(options).control.allowed_hosts == {"mock.internal", "192.0.2.1"}
    with_port = ServeOptions(allow_hosts=("mock.internal:8200", "[2001:DB8::1]"))
    assert settings_of(with_port).control.allowed_hosts >= {"mock.internal", "2001:db8::1"}
    with pytest.raises(OptionError, match="not a host name"):
        settings_of(ServeOptions(allow_hosts=("http://mock.internal",)))
    every = ServeOptions(host="0.0.0.0", allow_remote=True)
    assert settings_of(every).control.allowed_hosts == frozenset()


# What is printed


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://localhost:8200"),
        ("0.0.0.0", "http://127.0.0.1:8200"),
        ("::", "http://localhost:8200"),
        ("::1", "http://[::1]:8200"),
        ("192.0.2.1", "http://192.0.2.1:8200"),
    ],
)
def test_addresses_are_printed_as_a_client_calls_them(host: str, url: str) -> None:
    assert base_url(host, 8200) == url


def test_the_banner_says_what_a_person_needs() -> None:
    text = banner(ServeOptions(), DOCUMENTED)
    for words in (
        "payment_service       http://localhost:8207",
        "wallet_service        http://localhost:8208",
        "billing_service       http://localhost:8216",
        "subscription_service  http://localhost:8228",
        "credit_service        http://localhost:8229",
        "http://localhost:8200",
        "kept in memory: it is gone when the server stops",
        "`isa-mockserver reset` starts over",
        'curl http://localhost:8208/api/v1/wallets/me -H "Authorization: Bearer user_456"',
    ):
        assert words in text
    assert "ISA_USER_PAYMENT_URL" not in text
    assert "WARNING" not in text
    token = next(line for line in text.splitlines() if line.startswith("export ISA_USER_TOKEN="))
    caller = DevAuthenticator().authenticate(f"Bearer {token.partition('=')[2]}")
    assert caller.user_id == "user_456"


def test_the_banner_tells_clients_about_ports_that_differ() -> None:
    text = banner(ServeOptions(), choose_ports([("wallets", 9999)]))
    exported = [line for line in text.splitlines() if line.startswith("export ") and "_URL=" in line]
    assert exported == ["export ISA_USER_WALLET_URL=http://localhost:9999"]
    every = banner(ServeOptions(), choose_ports(offset=50_000))
    assert every.count("_URL=http://localhost:58") == 6


def test_the_banner_warns_where_strangers_can_come_in() -> None:
    text = banner(ServeOptions(host="0.0.0.0", allow_remote=True), DOCUMENTED)
    assert text.splitlines()[-1].startswith("WARNING: development tokens are accepted from any address")


def test_the_banner_shows_no_token_where_tokens_are_verified() -> None:
    """A valid token does not belong on a terminal or in a container's log."""
    text = banner(ServeOptions(auth="verify", jwt_secret=SECRET), DOCUMENTED)
    assert "eyJ" not in text
    assert SECRET not in text


# The whole way, through the command line


def test_a_remote_address_without_verified_tokens_does_not_start() -> None:
    """AU-2."""
    done = run("--host", "0.0.0.0", *FREE_PORTS)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "--allow-remote" in done.stderr


def test_a_verifying_server_lets_in_only_signed_tokens(tmp_path: Path) -> None:
    """AU-2, AU-4: the secret comes by the environment, so that no process list shows it."""
    with running("--auth", "verify", ISA_MOCKSERVER_JWT_SECRET=SECRET) as started:
        port = started.ports["gateway"]

        def status(token: str, path: str) -> bytes:
            return exchange(port, get(path, headers=f"authorization: Bearer {token}\r\n"))[9:12]

        wallet, clock = "/api/v1/wallets/me", "/_mock/clock"
        assert status("user_456", wallet) == b"401"
        assert status(mint_token("user_456", secret=SECRET), wallet) == b"200"
        assert status(mint_token("user_456", secret=SECRET), clock) == b"403"
        admin = mint_token("root", roles=["admin"], secret=SECRET)
        assert status(admin, clock) == b"200"
        assert run("clock", "--url", started.url).returncode == 1
        assert run("clock", "--url", started.url, ISA_MOCKSERVER_TOKEN=admin).returncode == 0


@pytest.mark.parametrize("option", ["--jwt-secret", "--jwt-issuer", "--jwt-audience"])
def test_an_option_of_verify_mode_is_refused_in_dev_mode(option: str) -> None:
    """AU-2: a server must not look as if it verified tokens when it does not."""
    done = run("serve", *FREE_PORTS, option, SECRET)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Error: {option} has no effect without --auth verify.\n"
