"""A token that would travel in clear text over the internet is warned of, once a host."""

from __future__ import annotations

import warnings

import pytest

from isa_user import InsecureTransportWarning, IsaUser, PaymentClient, SyncPaymentClient, _plain_http


@pytest.fixture(autouse=True)
def _nobody_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_plain_http, "_told", set())


@pytest.mark.parametrize(
    "url", ["http://pay.acme.com", "http://8.8.8.8:8207", "http://[2606:4700:4700::1111]:8207"]
)
def test_plain_http_to_a_host_that_may_be_public_is_warned_of_once(url: str) -> None:
    with pytest.warns(InsecureTransportWarning, match="clear text.*use an https:// base URL") as caught:
        PaymentClient(url)
    assert [each.filename for each in caught] == [__file__]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        SyncPaymentClient(url)


def test_a_gateway_and_a_variable_are_looked_at_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.warns(InsecureTransportWarning):
        IsaUser("http://gateway.acme.com")
    monkeypatch.setenv("ISA_USER_PAYMENT_URL", "http://pay.acme.com")
    with pytest.warns(InsecureTransportWarning, match=r"pay\.acme\.com"):
        PaymentClient()


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8207",
        "http://127.0.0.1:8207",
        "http://[::1]:8207",
        "http://10.1.2.3",
        "http://[fd00::1]",
        "http://mockserver:8207",
        "http://payments.prod.svc.cluster.local",
        "http://payments.internal",
        "http://pay.test",
        "https://pay.acme.com",
    ],
)
def test_this_machine_private_networks_and_tls_are_not(url: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        PaymentClient(url)
