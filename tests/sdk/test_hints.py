"""What a refusal says: which argument, what it was, and what to pass instead."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from isa_user import InvalidArgumentError, PaymentClient, SyncIsaUser, SyncPaymentClient, SyncWalletClient
from isa_user import errors as e
from isa_user.models import PaymentIntent
from tests.sdk.fakes import INTENT, AsyncScript, SyncScript, answer, bound, page_of

NAIVE = datetime(2024, 1, 1)  # noqa: DTZ001 - what is to be refused
INTENT_OBJECT = PaymentIntent.model_validate(INTENT)
REFUSED: list[tuple[str, str, tuple[Any, ...], dict[str, Any], str, str]] = [
    ("payments", "get_intent", (INTENT_OBJECT,), {}, "payment_intent_id", r"pass its \.payment_intent_id"),
    ("payments", "get_intent", (7,), {}, "payment_intent_id", r"must be a str, not int\. "),
    ("payments", "get_intent", ("",), {}, "payment_intent_id", "payment_intent_id is empty"),
    (
        "payments",
        "create_intent",
        (),
        {"amount": 1, "currency": "usd", "metadata": {"order": 17}},
        "metadata",
        "has int at 'order'; keys and values must be str",
    ),
    (
        "payments",
        "create_intent",
        (),
        {"amount": 1, "currency": "usd", "metadata": {17: "order"}},
        "metadata",
        "has the key 17",
    ),
    ("credits", "consume", (), {"amount": 1, "reason": "r", "metadata": ["a"]}, "metadata", "not list"),
    ("payments", "create_intent", (), {"amount": -1, "currency": "usd"}, "amount", "must not be negative"),
    ("payments", "refund", ("pi_1",), {"amount": -1}, "amount", "must not be negative"),
    (
        "billing",
        "record_usage",
        (),
        {"metric": "tokens", "quantity": 1, "timestamp": NAIVE},
        "timestamp",
        "timestamp has no time zone",
    ),
    (
        "billing",
        "record_usage_batch",
        (),
        {"events": [{"metric": "tokens", "quantity": 1, "timestamp": NAIVE}]},
        "events.0.timestamp",
        "events.0.timestamp has no time zone",
    ),
    (
        "payments",
        "get_history",
        (),
        {"created_after": NAIVE},
        "created_after",
        "created_after has no time zone",
    ),
]


@pytest.mark.parametrize(("service", "method", "positional", "arguments", "param", "words"), REFUSED)
def test_a_refused_argument_is_named_with_what_to_do(
    service: str, method: str, positional: tuple[Any, ...], arguments: dict[str, Any], param: str, words: str
) -> None:
    script = SyncScript(answer(200, INTENT))
    with pytest.raises(InvalidArgumentError, match=words) as caught:
        getattr(getattr(bound("SyncIsaUser", script), service), method)(*positional, **arguments)
    assert caught.value.param == param
    assert script.requests == []


@pytest.mark.parametrize("number", ["4242424242424242", "4242 4242 4242 4242", "3782-822463-10005"])
def test_a_cards_number_is_never_sent_and_never_shown(number: str) -> None:
    script = SyncScript(answer(200, INTENT))
    with pytest.raises(InvalidArgumentError, match="must never be sent") as caught:
        bound("SyncPaymentClient", script).confirm_intent("pi_1", payment_method_id=number)
    assert number not in str(caught.value)
    assert script.requests == []


def test_a_credit_of_quantity_and_a_day_without_a_time_stay_allowed() -> None:
    """Rules US-1 (corrections are negative), 8.5."""
    script = SyncScript(answer(500))
    billing = bound("SyncBillingClient", script, max_retries=0)
    with pytest.raises(e.ServerError):
        billing.record_usage(metric="tokens", quantity=-5)
    with pytest.raises(e.ServerError):
        billing.get_invoices(created_after=date(2024, 1, 1))
    assert len(script.requests) == 2


def test_a_uuid_is_a_fine_idempotency_key() -> None:
    script = SyncScript(answer(201, INTENT))
    key = UUID("12345678-1234-5678-1234-567812345678")
    bound("SyncPaymentClient", script).create_intent(amount=1, currency="usd", idempotency_key=key)
    assert script.header("idempotency-key") == "12345678-1234-5678-1234-567812345678"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("start_date", "created_after"),
        ("end_date", "created_before"),
        ("starting_after", "cursor"),
        ("created_afer", "created_after"),
        ("page_size", "limit"),
        ("tokn", "token"),
    ],
)
def test_an_argument_of_another_name_is_told_its_name_here(given: str, meant: str) -> None:
    payments = bound("SyncPaymentClient", SyncScript(page_of([], None)))
    with pytest.raises(TypeError) as caught:
        payments.get_history(**{given: "x"})
    expected = f"get_history() got an unexpected keyword argument {given!r}; did you mean {meant!r}?"
    assert str(caught.value) == expected


def test_an_argument_that_resembles_none_gets_no_guess() -> None:
    with pytest.raises(TypeError, match=r"'zzz'$"):
        bound("SyncWalletClient", SyncScript(answer(200))).get_balance(zzz=1)
    with pytest.raises(TypeError, match=r"'start_date'$"):
        bound("SyncWalletClient", SyncScript(answer(200))).get_balance(start_date="x")


def test_pythons_own_errors_name_the_client_that_the_user_knows() -> None:
    client: Any = bound("PaymentClient", AsyncScript(answer(201, INTENT)))
    with pytest.raises(TypeError, match=r"^PaymentClient\.create_intent\(\) missing 2"):
        client.create_intent()
    sync_client: Any = bound("SyncBillingClient", SyncScript(answer(200)))
    with pytest.raises(TypeError, match=r"^SyncBillingClient\.create_invoice\(\) takes 1 positional"):
        sync_client.create_invoice(1)
    with pytest.raises(TypeError, match=r"^SyncBillingClient\.record_usage\(\) takes 1 positional"):
        sync_client.record_usage(1)
    assert PaymentClient.aclose.__qualname__ == "AsyncServiceClient.aclose"


def test_a_token_in_the_place_of_the_url_is_told_its_place() -> None:
    with pytest.raises(e.ConfigurationError, match=r"a token is passed as token="):
        SyncIsaUser("user_ann")


@pytest.mark.parametrize("url", ["http://localhost:8207/api/v1", "http://gw.test/pay/api/v1/"])
def test_a_base_url_that_goes_too_far_is_refused(url: str) -> None:
    with pytest.raises(e.ConfigurationError, match="must end before /api/v1"):
        PaymentClient(url)


@pytest.mark.parametrize("url", ["http://[", "http://[::1", "https://pay.test]", "//["])
def test_a_base_url_that_is_none_is_refused_as_a_setting(url: str) -> None:
    with pytest.raises(e.ConfigurationError, match=r"base_url is not a URL"):
        PaymentClient(url)


@pytest.mark.parametrize("host", ["a..b", f"{'a' * 64}.test", ".test"])
def test_a_host_that_no_name_service_takes_is_refused_as_a_setting(host: str) -> None:
    with pytest.raises(e.ConfigurationError, match="empty or longer than 63"):
        PaymentClient(f"http://{host}")
    PaymentClient(f"https://{'a' * 63}.test.")


@pytest.mark.asyncio
@pytest.mark.parametrize("host", ["[v1.x]", "256.1.1.1", "\N{SNOWMAN}.test"])
@pytest.mark.parametrize("injected", [False, True])
async def test_a_host_that_httpx_refuses_is_a_wrong_setting_too(host: str, injected: bool) -> None:
    with (
        httpx.Client() as http,
        SyncPaymentClient(f"https://{host}", token="t", http_client=http if injected else None) as payments,
        pytest.raises(e.ConfigurationError, match="host that cannot be asked"),
    ):
        payments.get_history()
    async with httpx.AsyncClient() as a_http:
        client = PaymentClient(f"https://{host}", token="t", http_client=a_http if injected else None)
        with pytest.raises(e.ConfigurationError, match="host that cannot be asked"):
            await client.get_history()
        await client.aclose()


def test_an_error_begins_its_traceback_at_the_method_that_was_called() -> None:
    payments = bound("SyncPaymentClient", SyncScript(answer(401)))
    for call in (payments.get_history, lambda: payments.create_intent(amount=1.5, currency="usd")):
        with pytest.raises(e.IsaError) as caught:
            call()
        ours = [str(entry.path) for entry in caught.traceback if "src/isa_user" in str(entry.path)]
        assert len(ours) == 1
        assert "/_sync/" in ours[0]


def test_a_traceback_keeps_the_frames_of_the_users_own_token_function() -> None:
    def fetch_token() -> str:
        raise e.AuthenticationError("refused", status_code=401)

    script = SyncScript(answer(200))
    client = SyncWalletClient._bound(transport=script, sleep=script.sleep, token=fetch_token)
    with pytest.raises(e.AuthenticationError) as caught:
        client.get_balance()
    assert caught.traceback[-1].name == "fetch_token"


@pytest.mark.anyio
async def test_an_async_error_begins_its_traceback_at_the_method_that_was_called() -> None:
    payments = bound("PaymentClient", AsyncScript(answer(401)))
    with pytest.raises(e.AuthenticationError) as caught:
        await payments.create_intent(amount=1, currency="usd")
    assert len([entry for entry in caught.traceback if "src/isa_user" in str(entry.path)]) == 1
