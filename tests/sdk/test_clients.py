"""Each method of each client, in both colours: what it sends and what it returns."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable
from typing import Any, get_type_hints

import pytest

import isa_user
from isa_user import errors as e
from isa_user._operations import OPERATIONS
from isa_user._wire import WireResponse
from tests.sdk import cases, cases_extensions
from tests.sdk.cases import Case
from tests.sdk.fakes import (
    INTENT,
    SUBSCRIPTION,
    WALLET,
    AsyncScript,
    Script,
    SyncScript,
    answer,
    bound,
    failed,
    page_of,
)

CASES = [*cases.CASES, *cases_extensions.CASES]


def _reply(case: Case) -> WireResponse:
    if case.reply is None:
        return answer(204)
    return page_of([case.reply], None) if case.many else answer(201, case.reply)


def _check(case: Case, script: Script, result: Any) -> None:
    request = script.requests[0]
    assert request.url == case.url
    assert request.method == case.verb
    assert (script.body(0) if request.body else None) == case.body
    assert script.header("authorization") == "Bearer tok"
    assert (script.header("idempotency-key") is None) == case.reads
    found = result.data[0] if case.many else result
    assert type(found) is case.model
    assert found == (None if case.reply is None else case.model.model_validate(case.reply))


@pytest.mark.anyio
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_an_async_method_sends_its_request_and_returns_its_model(case: Case) -> None:
    script = AsyncScript(_reply(case))
    method = getattr(bound(case.client, script), case.method)
    pending: Awaitable[Any] = method(*case.positional, **case.arguments)
    _check(case, script, await pending)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_sync_method_sends_its_request_and_returns_its_model(case: Case) -> None:
    script = SyncScript(_reply(case))
    method = getattr(bound(f"Sync{case.client}", script), case.method)
    _check(case, script, method(*case.positional, **case.arguments))


def test_every_row_of_the_table_has_a_case_here() -> None:
    rows = {(f"{row.service.title()}Client", row.name) for row in OPERATIONS}
    called = {(case.client, case.method) for case in CASES}
    assert called - rows == {("PaymentClient", "create_subscription")}
    assert rows <= called


CLIENTS = ("PaymentClient", "WalletClient", "BillingClient", "SubscriptionClient", "CreditClient", "IsaUser")


@pytest.mark.parametrize("name", CLIENTS)
def test_both_colours_have_the_same_methods_with_the_same_arguments(name: str) -> None:
    renamed = {"aclose": "close", "__aenter__": "__enter__", "__aexit__": "__exit__"}
    colours: Any = getattr(isa_user, name), getattr(isa_user, f"Sync{name}")
    found: list[dict[str, list[tuple[str, Any, Any]]]] = []
    for cls in colours:
        methods = inspect.getmembers(cls, inspect.isfunction)
        found.append(
            {
                renamed.get(method_name, method_name): [
                    (p.name, p.kind, p.default) for p in inspect.signature(method).parameters.values()
                ]
                for method_name, method in methods
            }
        )
    assert found[0] == found[1]


@pytest.mark.parametrize("name", CLIENTS[:5])
def test_public_methods_show_their_arguments_by_name_and_say_where_they_come_from(name: str) -> None:
    cls: Any = getattr(isa_user, name)
    for method_name, method in inspect.getmembers(cls, inspect.isfunction):
        if method_name.startswith("_") or method_name == "aclose":
            continue
        parameters = list(inspect.signature(method).parameters.values())
        assert [p.name for p in parameters if p.kind is p.VAR_KEYWORD] == ["options"], method_name
        text = method.__doc__ or ""
        assert "Page: " in text or "Extension" in text, method_name
        assert "Raises" in text, method_name
        writes = "WriteOptions" in str(parameters[-1].annotation)
        names = get_type_hints(isa_user.WriteOptions if writes else isa_user.CallOptions)
        told = re.search(r"Options: ([a-z_, ]+) ", text)
        assert told, method_name
        assert set(told[1].split(", ")) == set(names), method_name


def test_the_constructor_is_the_documented_one() -> None:
    """SDK page, "Construction"."""
    documented = "base_url token timeout deadline max_retries idempotent_server default_headers http_client"
    for name in CLIENTS[:5]:
        cls: Any = getattr(isa_user, name)
        names = list(inspect.signature(cls).parameters)
        assert names == documented.split() + (["subscription_url"] if name == "PaymentClient" else [])
        assert inspect.signature(cls).parameters["base_url"].kind is inspect.Parameter.POSITIONAL_OR_KEYWORD


def test_an_explicit_base_url_takes_the_subscription_along() -> None:
    script = SyncScript(answer(201, SUBSCRIPTION))
    client = bound("SyncPaymentClient", script, base_url="http://pay.test:18207")
    client.create_subscription(plan_id="plan_free")
    assert script.requests[0].url == "http://pay.test:18228/api/v1/subscriptions"


def test_waits_between_attempts_use_the_given_sleep_and_the_result_counts_attempts() -> None:
    script = SyncScript(answer(429, None, {"retry-after": "3"}), failed(sent=False), answer(200, WALLET))
    wallet = bound("SyncWalletClient", script).get_balance()
    assert script.waits[0] == 3.0
    assert wallet.response.attempts == 3


@pytest.mark.anyio
async def test_the_async_driver_performs_the_same_steps() -> None:
    script = AsyncScript(answer(429, None, {"retry-after": "3"}), failed(sent=False), answer(200, WALLET))
    wallet = await bound("WalletClient", script).get_balance()
    assert script.waits[0] == 3.0
    assert wallet.response.attempts == 3


def test_the_given_clock_measures_deadline_and_elapsed_time() -> None:
    ticks = iter([0.0, 0.0, 1.0, 11.0, 12.0, 13.0])
    script = SyncScript(answer(500), answer(200, WALLET))
    client = bound("SyncWalletClient", script, clock=lambda: next(ticks))
    with pytest.raises(e.ServerError):
        client.get_balance(deadline=10.0)
    assert script.timeouts == [9.0]


def test_per_call_options_reach_the_request() -> None:
    script = SyncScript(answer(201, INTENT))
    bound("SyncPaymentClient", script).create_intent(
        amount=1,
        currency="usd",
        token="other",
        idempotency_key="mine",
        timeout=3,
        extra_headers={"X-Request-Id": "req_mine"},
    )
    assert script.header("authorization") == "Bearer other"
    assert script.header("idempotency-key") == "mine"
    assert script.header("x-request-id") == "req_mine"
    assert script.timeouts == [3.0]


def test_two_calls_have_two_keys() -> None:
    """Rules ID-5."""
    script = SyncScript(answer(201, INTENT))
    client = bound("SyncPaymentClient", script)
    for _ in range(2):
        client.create_intent(amount=1, currency="usd")
    keys = {script.header("idempotency-key", index) for index in (0, 1)}
    assert len(keys) == 2


def test_no_token_anywhere_is_a_clear_error_and_nothing_is_sent() -> None:
    script = SyncScript(answer(200, WALLET))
    client = isa_user.SyncWalletClient._bound(transport=script, sleep=script.sleep, token=None)
    with pytest.raises(e.MissingTokenError, match="ISA_USER_TOKEN"):
        client.get_balance()
    assert script.requests == []


@pytest.mark.anyio
async def test_async_with_closes_the_transport() -> None:
    script = AsyncScript(answer(200, WALLET))
    async with bound("WalletClient", script) as wallet:
        await wallet.get_balance()
    async with bound("IsaUser", script) as isa:
        await isa.wallets.get_balance()
    assert script.closed == 2


def test_with_closes_the_transport() -> None:
    script = SyncScript(answer(200, WALLET))
    with bound("SyncWalletClient", script) as wallet:
        wallet.get_balance()
    with bound("SyncIsaUser", script) as isa:
        isa.wallets.get_balance()
    assert script.closed == 2
