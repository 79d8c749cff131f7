"""`/` of the gateway says where everything is, to browsers and to programs."""

from __future__ import annotations

import re

import pytest

from isa_mockserver.testing import MockServer

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def server() -> MockServer:
    return MockServer()


def test_a_program_gets_json_without_a_token(server: MockServer) -> None:
    answer = server.request("GET", "/", user=None)
    assert (answer.status, answer.headers["content-type"], answer.headers["vary"]) == (
        200,
        "application/json",
        "Accept",
    )
    document = answer.json()
    assert {each["name"]: each["port"] for each in document["services"]} == {
        "payment_service": 8207,
        "wallet_service": 8208,
        "billing_service": 8216,
        "subscription_service": 8228,
        "credit_service": 8229,
    }
    assert {each["paths"] for each in document["services"]} == {
        f"/api/v1/{name}" for name in ("payments", "wallets", "billing", "subscriptions", "credits")
    }


def test_a_browser_gets_a_page_whose_links_lead_somewhere(server: MockServer) -> None:
    answer = server.request("GET", "/", user=None, headers=BROWSER)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    links = re.findall(r'<a href="([^"]+)">', answer.body.decode())
    assert {"/docs", "/_mock/requests"} <= set(links)
    assert [server.request("GET", link, user=None).status for link in links] == [200] * len(links)


def test_the_port_of_a_service_has_no_such_page(server: MockServer) -> None:
    assert server.request("GET", "/", user=None, port=8207).status == 404


def test_another_method_is_405(server: MockServer) -> None:
    assert server.request("POST", "/", user=None).headers["allow"] == "GET"
