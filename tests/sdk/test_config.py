"""How a client's settings are found: argument, environment, default (SDK page, "Construction")."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import isa_user
from isa_user import (
    BillingClient,
    CreditClient,
    IsaUser,
    PaymentClient,
    SubscriptionClient,
    SyncPaymentClient,
    WalletClient,
)
from isa_user._config import VERSION, service_url, sibling_subscription_url
from isa_user.errors import ConfigurationError, InvalidArgumentError

DEFAULTS: list[tuple[Any, str, str, int]] = [
    (PaymentClient, "payment", "PAYMENT", 8207),
    (WalletClient, "wallet", "WALLET", 8208),
    (BillingClient, "billing", "BILLING", 8216),
    (SubscriptionClient, "subscription", "SUBSCRIPTION", 8228),
    (CreditClient, "credit", "CREDIT", 8229),
]


def _url(client: Any, service: str) -> str:
    return str(client._core.config.urls[service])


@pytest.mark.parametrize(("cls", "service", "name", "port"), DEFAULTS)
def test_explicit_beats_own_variable_beats_gateway_beats_localhost(
    cls: Any, service: str, name: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _url(cls(), service) == f"http://localhost:{port}"
    monkeypatch.setenv("ISA_USER_BASE_URL", "http://gateway.test/")
    assert _url(cls(), service) == "http://gateway.test"
    monkeypatch.setenv(f"ISA_USER_{name}_URL", "http://own.test:1")
    assert _url(cls(), service) == "http://own.test:1"
    assert _url(cls("http://explicit.test/prefix/"), service) == "http://explicit.test/prefix"


def test_the_environment_is_read_when_a_client_is_made_not_before_or_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = PaymentClient()
    monkeypatch.setenv("ISA_USER_TOKEN", "from-env")
    monkeypatch.setenv("ISA_USER_IDEMPOTENT_SERVER", "1")
    after = PaymentClient()
    monkeypatch.delenv("ISA_USER_TOKEN")
    assert (before._core.config.token, after._core.config.token) == (None, "from-env")
    assert (before._core.config.idempotent_server, after._core.config.idempotent_server) == (False, True)
    assert PaymentClient(token="explicit")._core.config.token == "explicit"
    assert PaymentClient(idempotent_server=False)._core.config.idempotent_server is False


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("TRUE", True), ("on", True), ("0", False), ("no", False), ("", False)]
)
def test_idempotent_server_reads_the_usual_words(
    text: str, value: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISA_USER_IDEMPOTENT_SERVER", text)
    assert PaymentClient()._core.config.idempotent_server is value


@pytest.mark.parametrize(
    ("base_url", "derived"),
    [
        ("http://localhost:8207", "http://localhost:8228"),
        ("http://localhost:18207", "http://localhost:18228"),
        ("http://localhost:58207", "http://localhost:58228"),
        ("http://[::1]:8207", "http://[::1]:8228"),
        ("https://pay.test:8207/prefix", "https://pay.test:8228/prefix"),
        ("http://localhost:8200", "http://localhost:8200"),
        ("http://localhost:28200", "http://localhost:28200"),
        ("http://localhost:41234", "http://localhost:41234"),
        ("http://localhost:9207", "http://localhost:9207"),
        ("https://gateway.test", "https://gateway.test"),
    ],
)
def test_the_subscription_url_is_the_same_host_on_its_own_port_or_the_same_gateway(
    base_url: str, derived: str
) -> None:
    """Rules A1."""
    assert sibling_subscription_url(None, base_url, environ={}) == derived


@pytest.mark.parametrize(
    ("explicit", "base_url", "environ", "expected"),
    [
        ("http://subs.test", "http://localhost:8207", {}, "http://subs.test"),
        (None, "http://a.test:8207", {"ISA_USER_SUBSCRIPTION_URL": "http://b.test"}, "http://a.test:8228"),
        (None, None, {"ISA_USER_SUBSCRIPTION_URL": "http://b.test"}, "http://b.test"),
        (None, None, {"ISA_USER_BASE_URL": "http://gw.test"}, "http://gw.test"),
        (None, None, {"ISA_USER_PAYMENT_URL": "http://pay.test:8207"}, "http://pay.test:8228"),
        (None, None, {}, "http://localhost:8228"),
    ],
)
def test_where_create_subscription_goes(
    explicit: str | None, base_url: str | None, environ: dict[str, str], expected: str
) -> None:
    assert sibling_subscription_url(explicit, base_url, environ=environ) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8207",
        "ftp://localhost",
        "http://",
        "http://user:pass@localhost",
        "http://localhost?x=1",
        "http://localhost#x",
        "http://localhost:99999",
        "http://localhost:port",
        8207,
    ],
)
def test_a_url_that_cannot_work_is_refused_at_construction(url: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        PaymentClient(url)
    assert "pass@" not in str(caught.value)


@pytest.mark.parametrize(
    "settings",
    [
        {"timeout": 0},
        {"timeout": None},
        {"timeout": float("nan")},
        {"deadline": -1},
        {"max_retries": -1},
        {"max_retries": 1.5},
        {"max_retries": True},
    ],
)
def test_settings_that_make_no_sense_are_refused_at_construction(settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        PaymentClient(**settings)


def test_default_headers_are_checked_at_construction() -> None:
    with pytest.raises(InvalidArgumentError):
        PaymentClient(default_headers={"Authorization": "Bearer x"})


def test_wrong_words_in_the_environment_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ISA_USER_IDEMPOTENT_SERVER", "ISA_USER_LOG", "ISA_USER_PAYMENT_URL"):
        with monkeypatch.context() as patch:
            patch.setenv(name, "perhaps")
            with pytest.raises(ConfigurationError, match=name):
                PaymentClient()


def test_the_facade_gives_every_service_its_own_url_over_one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISA_USER_CREDIT_URL", "http://credit.test")
    isa = IsaUser(token="t")
    clients = (isa.payments, isa.wallets, isa.billing, isa.subscriptions, isa.credits)
    assert {id(client._core) for client in clients} == {id(isa._core)}
    assert isa._core.config.urls == {
        "payment": "http://localhost:8207",
        "wallet": "http://localhost:8208",
        "billing": "http://localhost:8216",
        "subscription": "http://localhost:8228",
        "credit": "http://credit.test",
    }
    assert set(IsaUser("http://gw.test")._core.config.urls.values()) == {"http://gw.test"}


def test_a_url_found_in_the_environment_is_checked_like_an_argument() -> None:
    with pytest.raises(ConfigurationError, match="ISA_USER_WALLET_URL"):
        service_url("wallet", environ={"ISA_USER_WALLET_URL": "wallet.test"})


def test_one_version_everywhere() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert project["project"]["version"] == VERSION == isa_user.__version__


def test_repr_shows_the_settings_that_matter() -> None:
    text = repr(SyncPaymentClient("http://localhost:8207", token="canary", timeout=5))
    assert text == "SyncPaymentClient('http://localhost:8207', timeout=5, max_retries=2)"
