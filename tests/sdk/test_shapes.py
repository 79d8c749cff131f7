"""Which fields of an answer must be there: the table of rules section 10, read from the rules themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from isa_user import models
from isa_user.models.common import Model
from tests.sdk import samples
from tests.sdk.fakes import CREDITS, INTENT, SUBSCRIPTION, WALLET

RULES = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
NESTED = {
    "Invoice": ("InvoiceItem", "items"),
    "UsageSummary": ("UsageWindow", "data"),
    "UsageBatch": ("UsageRejection", "rejected"),
    "CreditPurchase": ("CreditTotals", "balance"),
    "CreditConsumption": ("CreditAllocation", "allocations"),
    "CreditTransaction": ("CreditLevels", "balance_after"),
    "PaymentIntent": ("PaymentError", "last_payment_error"),
    "CreditBalance": ("ExpiringCredits", "expiring_soon"),
}
PRINTED: Mapping[str, Mapping[str, Any]] = {
    "PaymentIntent": INTENT,
    "Wallet": WALLET,
    "Subscription": SUBSCRIPTION,
    "CreditBalance": CREDITS,
}
# The resources of the section that no call of the SDK answers.
OF_OTHERS = {"Event", "WebhookEndpoint", "Delivery", "list"}
# "Every resource that a user creates also has created_at, and metadata where the request takes it."
CREATED = set(
    "Payment Refund CryptoPayment Deposit Transfer WalletTransaction Invoice UsageRecord CreditPurchase "
    "CreditConsumption CreditReservation CreditTransaction".split()
)
METADATA = {"Payment", "Invoice", "UsageRecord", "CreditConsumption"}


def _keys(text: str) -> tuple[set[str], set[str]]:
    """The keys without and with ``?`` of one list, leaving brackets and remarks out."""
    plain = re.sub(r"\{[^{}]*\}|\([^()]*\)|\[\]", "", re.sub(r"\[\{[^{}]*\}\]|\([^()]*\)", "", text))
    names = [part.strip() for part in plain.split(",")]
    return {n for n in names if not n.endswith("?")}, {n.rstrip("?") for n in names if n.endswith("?")}


def _rows() -> dict[str, str]:
    section = RULES.read_text(encoding="utf-8").partition("## 10. Resource shapes")[2]
    found = re.findall(r"^\| (\w+)(?: \([^)]*\))? \| (.+) \|$", section, re.MULTILINE)
    return {name: keys for name, keys in found if name != "resource"}


def _shapes() -> dict[str, tuple[set[str], set[str]]]:
    shapes: dict[str, tuple[set[str], set[str]]] = {}
    for name, keys in _rows().items():
        shapes[name] = _keys(keys)
        if name in NESTED:
            inner, field = NESTED[name]
            inside = re.search(rf"\b{field}\?? \[?\{{([^{{}}]*)\}}", keys)
            assert inside, (name, field)
            shapes[inner] = _keys(inside[1])
    return {name: shape for name, shape in shapes.items() if name not in OF_OTHERS}


SHAPES = _shapes()


def test_the_table_is_read_as_it_stands() -> None:
    assert SHAPES["Refund"] == (
        {"refund_id", "payment_intent_id", "amount", "currency", "status"},
        {"reason", "reason_category"},
    )
    assert SHAPES["InvoiceItem"] == (
        {"description", "quantity", "unit_price", "amount"},
        {"period_start", "period_end"},
    )
    assert {"Wallet", "Quota", "UsageBatch", "CreditLevels"} <= set(SHAPES)
    assert not OF_OTHERS & set(SHAPES)


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_model_has_every_key_of_its_resource(name: str) -> None:
    model: type[Model] = getattr(models, name)
    required, optional = SHAPES[name]
    assert required | optional <= set(model.model_fields)


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_the_keys_without_question_mark_are_required_and_the_others_are_not(name: str) -> None:
    model: type[Model] = getattr(models, name)
    required, _ = SHAPES[name]
    if name in PRINTED:
        required = set(PRINTED[name]) - SHAPES[name][1]
    if name == "Plan":
        required = set(samples.PLAN)
    required |= {"created_at"} if name in CREATED else set()
    required |= {"metadata"} if name in METADATA else set()
    assert {field for field, info in model.model_fields.items() if info.is_required()} == required


@pytest.mark.parametrize("name", sorted(samples.COMPLETE))
def test_no_required_field_may_be_missing_or_null(name: str) -> None:
    model: type[Model] = getattr(models, name)
    sample = samples.COMPLETE[name]
    model.model_validate(sample)
    nullable = {"UsageRecord": {"quota"}}.get(name, set())
    for field, info in model.model_fields.items():
        if info.is_required():
            without = {key: value for key, value in sample.items() if key != field}
            with pytest.raises(ValidationError):
                model.model_validate(without)
            if field not in nullable:
                with pytest.raises(ValidationError):
                    model.model_validate({**sample, field: None})


@pytest.mark.parametrize("name", sorted(samples.COMPLETE))
def test_a_field_that_is_not_required_may_be_null_or_missing(name: str) -> None:
    model: type[Model] = getattr(models, name)
    optional = [field for field, info in model.model_fields.items() if not info.is_required()]
    sample = {**samples.COMPLETE[name], **dict.fromkeys(optional)}
    parsed = model.model_validate(sample)
    assert all(getattr(parsed, field) is None for field in optional)


def test_every_model_has_a_complete_sample() -> None:
    without = {"Model", "PendingChange", "PlanQuota", *PRINTED}
    assert set(models.__all__) - set(samples.COMPLETE) == without
