"""Models: strict on money, tolerant of what is new, silent about secrets (SDK page, "Models")."""

from __future__ import annotations

import copy
import json
import pickle
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from isa_user import models
from isa_user._meta import ResponseInfo, attach_response
from isa_user.models._display import format_money
from isa_user.models.common import Model
from tests.sdk import samples
from tests.sdk.fakes import CREDITS, INTENT, SUBSCRIPTION, WALLET

PAGE_SAMPLES: list[tuple[type[Model], dict[str, Any]]] = [
    (models.PaymentIntent, INTENT),
    (models.Wallet, WALLET),
    (models.Subscription, SUBSCRIPTION),
    (models.CreditBalance, CREDITS),
]
ALL_MODELS = [getattr(models, name) for name in models.__all__]


def _intent(**changes: Any) -> models.PaymentIntent:
    return models.PaymentIntent.model_validate_json(json.dumps({**INTENT, **changes}))


def test_w1_a_currency_that_was_never_held_is_missing_and_the_error_says_how_to_ask_for_it() -> None:
    wallet = models.Wallet.model_validate(WALLET)
    assert (wallet.balances["usd"], wallet.balances.get("eur", 0)) == (15000, 0)
    with pytest.raises(KeyError, match=r"no 'eur' among usd, credits; \.get\('eur', 0\) gives 0"):
        wallet.balances["eur"]
    assert wallet.balances == WALLET["balances"]
    assert pickle.loads(pickle.dumps(wallet)) == wallet


@pytest.mark.parametrize(("model", "sample"), PAGE_SAMPLES, ids=lambda value: getattr(value, "__name__", ""))
def test_the_samples_of_the_page_fit(model: type[Model], sample: dict[str, Any]) -> None:
    parsed = model.model_validate_json(json.dumps(sample))
    dumped = json.loads(parsed.model_dump_json(exclude_unset=True))
    assert dumped == sample


def test_the_samples_times_are_aware_and_utc() -> None:
    subscription = models.Subscription.model_validate_json(json.dumps(SUBSCRIPTION))
    assert subscription.current_period_end == datetime(2024, 2, 28, tzinfo=UTC)
    assert subscription.current_period_end.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    ["2024-01-28T10:00:00Z", "2024-01-28T05:00:00-05:00", "2024-01-28T10:00:00", "2024-01-28 10:00:00"],
)
def test_every_time_becomes_utc(text: str) -> None:
    """Rules CK-2; a stamp without zone is the platform's UTC."""
    stamp = _intent(created_at=text).created_at
    assert stamp == datetime(2024, 1, 28, 10, tzinfo=UTC)
    assert stamp is not None
    assert stamp.tzinfo is UTC


@pytest.mark.parametrize("amount", [29.99, 2999.0, True, "2999", None])
def test_money_must_be_an_integer_from_json_and_from_python(amount: Any) -> None:
    """Rules M-1."""
    with pytest.raises(ValidationError):
        _intent(amount=amount)
    with pytest.raises(ValidationError):
        models.PaymentIntent.model_validate({**INTENT, "amount": amount})


@pytest.mark.parametrize("amount", [1.5, True, "1"])
def test_balances_are_money_too(amount: Any) -> None:
    with pytest.raises(ValidationError):
        models.Wallet.model_validate({**WALLET, "balances": {"usd": amount}})


def test_unknown_fields_are_kept() -> None:
    intent = _intent(risk={"score": 7})
    assert intent.model_dump()["risk"] == {"score": 7}
    assert getattr(intent, "risk", None) == {"score": 7}


def test_unknown_enum_values_are_kept_in_and_out() -> None:
    intent = _intent(status="frozen_by_aliens")
    assert intent.status == "frozen_by_aliens"
    assert json.loads(intent.model_dump_json())["status"] == "frozen_by_aliens"


def test_models_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        _intent().amount = 1


@pytest.mark.parametrize("model", ALL_MODELS, ids=lambda model: model.__name__)
def test_every_model_is_frozen_and_keeps_extras(model: type[Model]) -> None:
    assert issubclass(model, Model)
    assert (model.model_config.get("frozen"), model.model_config.get("extra")) == (True, "allow")
    assert model.model_config.get("hide_input_in_errors") is True
    assert model.__doc__


def test_the_answer_takes_no_part_in_equality_dumps_or_repr_and_survives_copies() -> None:
    first, second = _intent(), _intent()
    attach_response(first, ResponseInfo(201, 3, 0.5, [(b"x-request-id", b"req_1")]))
    assert first == second
    assert first.model_dump() == second.model_dump()
    assert repr(first) == repr(second)
    with pytest.raises(LookupError, match="PaymentIntent has no response"):
        _ = second.response
    for twin in (copy.copy(first), pickle.loads(pickle.dumps(first)), first.model_copy()):
        assert twin.response == first.response
    assert first != _intent(amount=1)


def test_secrets_are_masked_in_every_text_form() -> None:
    intent = _intent(nested={"client_secret": "canary"}, listed=[{"secret": "canary"}])
    intent = intent.model_copy(update={"client_secret": "canary"})
    pending = models.LatestPaymentIntent(payment_intent_id="pi_1", client_secret="canary", status="x")
    invoice = models.Subscription.model_validate({**SUBSCRIPTION, "latest_payment_intent": pending})
    for shown in (intent, invoice):
        assert "canary" not in repr(shown) + str(shown) + f"{shown}" + shown._repr_html_()
    assert intent.client_secret == "canary"


def test_no_secret_is_shown_as_none_not_as_a_mask() -> None:
    assert "client_secret=None" in repr(_intent(client_secret=None))


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (2999, "usd", "29.99 USD"),
        (5, "usd", "0.05 USD"),
        (-5, "usd", "-0.05 USD"),
        (0, "eur", "0.00 EUR"),
        (500, "jpy", "500 JPY"),
        (5120, "kwd", "5.120 KWD"),
        (500, "credits", "500 credits"),
    ],
)
def test_money_is_shown_by_its_currencys_exponent(amount: int, currency: str, text: str) -> None:
    """Rules M-2."""
    assert format_money(amount, currency) == text


def test_a_notebook_shows_money_formatted_and_text_escaped() -> None:
    page = _intent(description="<script>")._repr_html_()
    assert "29.99 USD" in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    wallet = models.Wallet.model_validate(WALLET)._repr_html_()
    assert "150.00 USD<br>500 credits" in wallet


def test_a_notebook_shows_what_is_inside_an_object_line_by_line() -> None:
    shown = models.Subscription.model_validate(SUBSCRIPTION)._repr_html_()
    assert (
        "<th>plan</th><td>id: plan_pro_monthly<br>name: Pro Monthly<br>price: 2999<br>interval: month"
        in shown
    )
    assert "<td>2024-02-28 00:00:00 UTC</td>" in shown
    assert "<th>trial_end</th><td>–</td>" in shown


def test_a_notebook_shows_the_lines_of_an_invoice_one_below_the_other_with_its_money() -> None:
    line = {"description": "A & B", "quantity": 2, "unit_price": 500, "amount": 1000}
    shown = models.Invoice.model_validate({**samples.INVOICE, "items": [line, line]})._repr_html_()
    one = "description: A &amp; B · quantity: 2 · unit_price: 5.00 USD · amount: 10.00 USD"
    assert f"<td>{one}<br>{one}</td>" in shown


def test_nothing_inside_an_object_is_shown_unescaped_or_unmasked() -> None:
    inside = {"<b>": "<script>", "deeper": [{"client_secret": "canary", "<i>": "<script>"}, "<script>"]}
    shown = _intent(metadata=inside, more=inside)._repr_html_()
    assert "canary" not in shown
    assert not {"<script>", "<b>", "<i>"} & set(re.findall(r"<\w+>", shown))


def test_coins_are_shown_in_their_own_unit() -> None:
    """Rules CY-2: a gwei is not a cent."""
    sample = {**samples.CRYPTO_PAYMENT, "amount": 100_000, "currency": "matic", "blockchain": "polygon"}
    coin = models.CryptoPayment.model_validate(sample)
    assert "<td>100000</td>" in coin._repr_html_()
