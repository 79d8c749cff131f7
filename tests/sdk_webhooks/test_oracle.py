"""Agreement with the reference library of Standard Webhooks, in both directions (rules WH-4)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from time import time
from typing import Any

import pytest
import standardwebhooks
from hypothesis import given
from hypothesis import strategies as st

from isa_user.errors import WebhookVerificationError
from isa_user.webhooks import Webhook, sign
from tests.sdk_webhooks.deliveries import OTHER_SECRET, SECRET, envelope

IDS = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="."), min_size=1, max_size=64
)
RESOURCES = st.dictionaries(
    st.text(), st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text())
)


@given(IDS, RESOURCES)
def test_what_we_sign_the_reference_library_verifies(webhook_id: str, resource: dict[str, Any]) -> None:
    payload = envelope("thing.happened", resource)
    body, headers = sign(payload, SECRET, webhook_id=webhook_id)
    assert standardwebhooks.Webhook(SECRET).verify(body, headers) == payload


@given(IDS, RESOURCES)
def test_what_the_reference_library_signs_we_verify(webhook_id: str, resource: dict[str, Any]) -> None:
    text = json.dumps(envelope("thing.happened", resource), ensure_ascii=False)
    now = int(time())
    headers = {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(now),
        "webhook-signature": standardwebhooks.Webhook(SECRET).sign(
            webhook_id, datetime.fromtimestamp(now, UTC), text
        ),
    }
    event = Webhook(SECRET).verify(text.encode(), headers)
    assert event.data == {"object": resource}


def test_both_refuse_a_delivery_signed_with_another_secret() -> None:
    body, headers = sign(envelope("thing.happened", {}), OTHER_SECRET)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(SECRET).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body, headers)


@pytest.mark.parametrize("age", [299, -299, 301, -301])
def test_both_judge_the_age_of_a_delivery_alike(age: int) -> None:
    body, headers = sign(envelope("thing.happened", {}), SECRET, timestamp=int(time()) - age)
    taken = []
    for verify, error in (
        (standardwebhooks.Webhook(SECRET).verify, standardwebhooks.WebhookVerificationError),
        (Webhook(SECRET).verify, WebhookVerificationError),
    ):
        try:
            verify(body, headers)
        except error:
            taken.append(False)
        else:
            taken.append(True)
    assert taken == [abs(age) <= 300] * 2
