"""Secrets show nowhere: reprs, vars, containers, tracebacks with locals, pickles of errors, notebooks."""

from __future__ import annotations

import copy
import json
import pickle
import pprint
import traceback
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from isa_user import IsaUser, PaymentClient, SyncIsaUser, models
from isa_user import errors as e
from isa_user.errors._secret import Secret
from tests.sdk import samples
from tests.sdk.fakes import INTENT, SyncScript, answer, failed

CANARY = "canary-4711"
HIDDEN = {**INTENT, "client_secret": CANARY}


def _parts(root: object, seen: set[int]) -> Iterator[object]:
    """Everything of ours that hangs on an object, as a debugger or an error tracker would unfold it."""
    if id(root) in seen:
        return
    seen.add(id(root))
    yield root
    inside: list[object] = []
    if isinstance(root, Mapping):
        inside += root.values()
    elif isinstance(root, (list, tuple, set)):
        inside += root
    elif type(root).__module__.startswith("isa_user"):
        inside += getattr(root, "__dict__", {}).values()
        slots = [name for cls in type(root).__mro__ for name in getattr(cls, "__slots__", ())]
        inside += [getattr(root, name, None) for name in slots if name != "__weakref__"]
    for part in inside:
        yield from _parts(part, seen)


def _shown(root: object) -> str:
    return "\n".join(repr(part) for part in _parts(root, set()))


@pytest.mark.parametrize("make", [IsaUser, SyncIsaUser, PaymentClient])
def test_a_client_shows_its_token_nowhere_however_deep_one_looks(make: Any) -> None:
    client = make(token=CANARY)
    assert "SyncCore" in _shown(client) or "AsyncCore" in _shown(client)
    assert CANARY not in _shown(client)
    assert CANARY not in pprint.pformat(vars(client))


def test_a_token_of_the_environment_shows_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISA_USER_TOKEN", CANARY)
    assert CANARY not in _shown(SyncIsaUser())


def test_a_token_that_a_provider_gave_is_not_shown_where_it_is_kept() -> None:
    script = SyncScript(answer(201, INTENT))
    client = SyncIsaUser._bound(transport=script, sleep=script.sleep, token=lambda: CANARY)
    client.payments.create_intent(amount=1, currency="usd")
    assert script.header("authorization") == f"Bearer {CANARY}"
    del script.requests[:]
    assert CANARY not in _shown(client._core._tokens)


SECRETIVE: list[tuple[type[models.Model], dict[str, Any]]] = [
    (models.PaymentIntent, HIDDEN),
    (models.Deposit, {**samples.DEPOSIT, "client_secret": CANARY}),
    (models.CreditPurchase, {**samples.PURCHASE, "client_secret": CANARY}),
    (models.LatestPaymentIntent, {"payment_intent_id": "pi_1", "client_secret": CANARY, "status": "x"}),
]


@pytest.mark.parametrize(("model", "sample"), SECRETIVE, ids=lambda value: getattr(value, "__name__", ""))
def test_a_client_secret_is_masked_in_every_form_that_is_for_looking(
    model: type[models.Model], sample: dict[str, Any]
) -> None:
    for parsed in (model.model_validate(sample), model.model_validate_json(json.dumps(sample))):
        forms = [
            repr(parsed),
            str(parsed),
            f"{parsed}",
            parsed._repr_html_(),
            repr(vars(parsed)),
            pprint.pformat(vars(parsed)),
            repr(parsed.model_dump()),
            repr([parsed, {"a": parsed}]),
            repr(getattr(parsed, "client_secret", None)),
        ]
        assert [form for form in forms if CANARY in form] == []


@pytest.mark.parametrize(("model", "sample"), SECRETIVE, ids=lambda value: getattr(value, "__name__", ""))
def test_the_customers_front_end_still_gets_the_secret(
    model: type[models.Model], sample: dict[str, Any]
) -> None:
    parsed = model.model_validate(sample)
    secret = parsed.model_dump()["client_secret"]
    assert secret == CANARY
    assert f"{secret}" == str(secret) == CANARY
    assert json.loads(json.dumps({"s": secret})) == {"s": CANARY}
    assert json.loads(parsed.model_dump_json())["client_secret"] == CANARY
    for twin in (copy.deepcopy(parsed), pickle.loads(pickle.dumps(parsed))):
        assert twin == parsed
        assert CANARY not in repr(vars(twin))


def test_an_error_shows_and_pickles_no_secret_of_its_body() -> None:
    error = e.ServerError(
        "It failed.",
        status_code=500,
        body={"client_secret": CANARY, "list": [{"token": CANARY}]},
        context={"authorization": CANARY, "limit": 5},
    )
    assert error.body["client_secret"] == CANARY
    assert CANARY not in repr(vars(error)) + str(error) + repr(error)
    assert CANARY.encode() not in pickle.dumps(error)
    twin = pickle.loads(pickle.dumps(error))
    assert (twin.body["client_secret"], twin.context["limit"]) == ("**********", 5)
    assert vars(error)["body"]["client_secret"] == CANARY


@pytest.mark.parametrize(
    "reply", [answer(500, HIDDEN), answer(201, {**HIDDEN, "amount": "x"}), failed(sent=True), answer(401)]
)
def test_a_traceback_with_all_local_variables_shows_neither_token_nor_secret(reply: Any) -> None:
    script = SyncScript(reply)
    client = SyncIsaUser._bound(transport=script, sleep=script.sleep, token=CANARY)
    with pytest.raises(e.IsaError) as caught:
        client.payments.create_intent(amount=1, currency="usd")
    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [frame for frame in frames.stack if "isa_user" in frame.filename]
    assert [frame.name for frame in ours] == ["create_intent"]
    assert CANARY not in "".join(str(frame.locals) for frame in ours)
    assert CANARY.encode() not in pickle.dumps(caught.value)


def test_a_secret_is_a_str_in_every_other_way() -> None:
    secret = Secret("value")
    assert (secret, hash(secret), len(secret)) == ("value", hash("value"), 5)
    assert {"value": 1}[secret] == 1
    assert repr(Secret("")) == repr(secret)
