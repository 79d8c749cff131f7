"""What a failed test prints of its server: into a terminal, a CI log, for everybody to read."""

from __future__ import annotations

import pytest

from tests.server.test_plugin import _run, no_other_plugins

pytest_plugins = ["pytester"]

__all__ = ["no_other_plugins"]

SECRETS = {
    "idempotency key": "canary-key-2c9f",
    "card number": "4000056655665556",
    "note": "canary note for the recipient",
    "token": "canary-token-81d3",
    "query": "canary-query-5b1e",
}


def test_the_report_of_a_failed_test_shows_no_secret_and_steers_no_terminal(
    pytester: pytest.Pytester,
) -> None:
    """Requests and events are shown; secrets, free text and escape sequences of theirs are not."""
    done = _run(
        pytester,
        f"""
        from isa_user import SyncIsaUser

        SECRETS = {SECRETS!r}

        def test_that_fails(isa_server):
            isa = isa_server.client(SyncIsaUser)
            made = isa.payments.create_intent(
                amount=2999, currency="usd", metadata={{"a": SECRETS["note"]}},
                idempotency_key=SECRETS["idempotency key"],
            )
            path = "/api/v1/payments/intent/"
            isa_server.request("GET", path + made.client_secret)
            isa_server.request("GET", path + SECRETS["card number"] + "?token=" + SECRETS["query"])
            isa_server.request("GET", path + "%1b%5b2J%0aforged", user="user_2")
            isa_server.request("GET", path, headers={{"authorization": "Bearer " + SECRETS["token"]}})
            with open("secret", "w") as file:
                file.write(made.client_secret.partition("_secret_")[2])
            raise AssertionError("the end")
        """,
        "--tb=line",
    )
    report = "\n".join([*done.outlines, *done.errlines])
    assert "isa requests" in report
    assert "isa events" in report
    assert "POST /api/v1/payments/intent (create_intent) user_1 -> 201" in report
    assert r"/api/v1/payments/intent/\x1b[2J\nforged (get_intent) user_2 -> 404" in report
    client_secret = (pytester.path / "secret").read_text(encoding="ascii")
    assert len(client_secret) >= 16
    assert [name for name, value in {**SECRETS, "made": client_secret}.items() if value in report] == []
    assert "\x1b[2J" not in report
