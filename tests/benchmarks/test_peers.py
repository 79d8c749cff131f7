"""The run beside other SDKs and servers; they are not installed here, so it is our own side that is tried."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from benchmarks.__main__ import main
from benchmarks.peers import run, sdks, servers
from benchmarks.servers.processes import program
from isa_user import PaymentIntent


def test_what_is_not_installed_is_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "PEERS", ("httpx", "no-such-peer", "nor-this"))
    assert main(["peers"]) == 1
    said = "benchmarks: not installed: no-such-peer, nor-this; run pip install -r benchmarks/peers/"
    assert capsys.readouterr().err.startswith(said)


def test_what_is_to_be_installed_names_every_peer_that_is_asked_for() -> None:
    """requests comes with moto."""
    with open("benchmarks/peers/requirements.txt", encoding="utf-8") as file:
        text = file.read()
    assert all(name in text for name in run.PEERS if name != "requests")


def test_the_reference_server_writes_and_reads_an_object() -> None:
    ours = servers.SERVERS[0]
    with servers.running(ours) as connection:
        ours.create_and_get(connection)


def test_a_server_that_refuses_ends_the_run() -> None:
    ours = servers.SERVERS[0]
    with servers.running(ours) as connection, pytest.raises(RuntimeError, match="was answered 404"):
        servers.SERVERS[1].create_and_get(connection)


def test_both_sides_of_an_sdk_make_the_same_call() -> None:
    with program("benchmarks.servers.canned") as server, ExitStack() as opened:
        pair = sdks.isa_user(f"http://127.0.0.1:{int(server.read())}", opened)
        by_sdk, by_client = pair.by_sdk(), pair.by_client()
    assert isinstance(by_sdk, PaymentIntent)
    assert isinstance(by_client, dict)
    assert by_sdk.payment_intent_id == by_client["payment_intent_id"] == "pi_abc123"
