"""Every command of the page, pasted in order into a shell, does what the page says (rules P6, P7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from scripts.local_server import LocalServer
from tests.contract.page import Sample, read_page
from tests.contract.shell import Answer, run_page

PAGE = read_page()
PLACEHOLDER = "Cryptocurrency Support"

# Success codes by rules 8.3: 201 for a new resource, 200 for an action or a read.
STATUS = {
    "Create Payment Intent": 201,
    "Confirm Payment": 200,
    "Get Payment History": 200,
    "Process Refund": 201,
    PLACEHOLDER: 422,
    "Get Wallet Balance": 200,
    "Add Funds": 201,
    "Transfer Between Users": 201,
    "Transaction History": 200,
    "Create Invoice": 201,
    "Get Invoices": 200,
    "Usage-Based Billing": 201,
    "Create Subscription": 201,
    "Get Subscription": 200,
    "Change Plan": 200,
    "Cancel Subscription": 200,
    "Get Credits": 200,
    "Purchase Credits": 201,
    "Use Credits": 200,
}


@pytest.fixture(scope="module", params=["free_ports_server", "documented_server"])
def answers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Answer]:
    server: LocalServer = request.getfixturevalue(request.param)
    return run_page(PAGE, server, tmp_path_factory.mktemp("curl"))


def test_the_table_of_statuses_has_every_command() -> None:
    assert list(STATUS) == [curl.heading for curl in PAGE.curls]


@pytest.mark.parametrize("heading", STATUS)
def test_the_command_is_answered_with_its_status(answers: Mapping[str, Answer], heading: str) -> None:
    assert answers[heading].status == STATUS[heading], answers[heading].body


@pytest.mark.parametrize("sample", PAGE.samples, ids=lambda sample: sample.heading)
def test_the_answer_has_every_printed_key_with_its_type(
    answers: Mapping[str, Answer], sample: Sample
) -> None:
    assert not _differences(sample.value, answers[sample.heading].body)


def test_the_placeholder_address_is_refused_by_name(answers: Mapping[str, Answer]) -> None:
    """Rules P6, CY-5: the only literal of the page that must fail."""
    answer = answers[PLACEHOLDER]
    assert answer.content_type.startswith("application/problem+json")
    assert (answer.body["code"], answer.body["param"]) == ("invalid_wallet_address", "wallet_address")


def test_the_wallet_and_the_credits_are_those_that_the_page_prints(answers: Mapping[str, Answer]) -> None:
    wallet = answers["Get Wallet Balance"].body
    printed = PAGE.sample("Get Wallet Balance")
    assert (wallet["wallet_id"], wallet["balances"]) == (printed["wallet_id"], printed["balances"])
    balance, printed = answers["Get Credits"].body, PAGE.sample("Get Credits")
    assert {**balance, "expiring_soon": None} == {**printed, "expiring_soon": None}
    assert balance["expiring_soon"]["amount"] == printed["expiring_soon"]["amount"]


def test_money_moves_by_what_the_commands_say(answers: Mapping[str, Answer]) -> None:
    """15000 in the wallet, 5000 added, 1000 sent; the refund is the whole 2999 of the confirmed intent."""
    assert answers["Confirm Payment"].body["amount_received"] == 2999
    assert answers["Process Refund"].body["amount"] == 2999
    assert answers["Add Funds"].body["balance"] == 15000 + 5000
    assert answers["Transfer Between Users"].body["balance"] == 15000 + 5000 - 1000
    assert answers["Create Invoice"].body["total"] == 10000 * 1


def test_the_subscription_goes_the_way_of_the_commands(answers: Mapping[str, Answer]) -> None:
    assert answers["Create Subscription"].body["plan"]["id"] == "plan_pro_monthly"
    printed = PAGE.sample("Get Subscription")["plan"]
    assert printed.items() <= answers["Get Subscription"].body["plan"].items()
    assert answers["Change Plan"].body["plan"]["id"] == "plan_enterprise_annual"
    assert answers["Cancel Subscription"].body["cancel_at_period_end"] is True


def test_credits_bought_and_used_add_up(answers: Mapping[str, Answer]) -> None:
    """500 before, 1000 bought, 10 used."""
    assert answers["Purchase Credits"].body["amount"] == 8000
    assert answers["Purchase Credits"].body["balance"]["total"] == 500 + 1000
    assert answers["Use Credits"].body["balance"]["total"] == 500 + 1000 - 10


def _differences(printed: Any, answered: Any, at: str = "$") -> list[str]:
    if type(printed) is not type(answered):
        return [f"{at} is {type(answered).__name__}, printed as {type(printed).__name__}"]
    if not isinstance(printed, dict):
        return []
    found: list[str] = []
    for key, value in printed.items():
        if key not in answered:
            found.append(f"{at} lacks {key}")
        else:
            found.extend(_differences(value, answered[key], f"{at}.{key}"))
    return found
