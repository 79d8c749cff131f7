"""Ids (decision 8, PI-3), the codec and the state document, the idempotency store, the test cards."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, timedelta
from typing import Literal, NamedTuple

import pytest

from isa_mockserver.kernel import idempotency
from isa_mockserver.kernel.cards import METHODS
from isa_mockserver.kernel.codec import decode, encode
from isa_mockserver.kernel.errors import CODES, DomainError, Failure
from isa_mockserver.kernel.ids import IdSource, draw_id_seed
from isa_mockserver.kernel.ledger import Posting, Reference
from isa_mockserver.kernel.state import dump, load
from isa_mockserver.kernel.world import Blueprint

from .worlds import NOTES, START, Note, empty_world


def test_pi3_ids_and_secrets_have_the_documented_form() -> None:
    ids = IdSource(1)
    payment_id = ids.make("pi", 1)
    assert re.fullmatch(r"pi_[A-Za-z0-9]{14,}", payment_id)
    secret = f"{payment_id}_secret_{ids.secret('client', payment_id)}"
    assert re.fullmatch(r"(pi_[A-Za-z0-9]+)_secret_[A-Za-z0-9]{16,}", secret)


def test_ids_repeat_with_the_seed_and_differ_by_seed_kind_sandbox_and_counter() -> None:
    sources = [IdSource(0), IdSource(1), IdSource(0, sandbox="other")]
    made = [source.make(kind, n) for source in sources for kind in ("pi", "re") for n in (1, 2)]
    assert made == [source.make(kind, n) for source in sources for kind in ("pi", "re") for n in (1, 2)]
    assert len({text.split("_")[1] for text in made}) == len(made)


def test_secrets_repeat_only_where_the_seed_was_given_explicitly() -> None:
    explicit, drawn = IdSource(0, repeatable_secrets=True), IdSource(0)
    assert explicit.secret("client", "pi_1") == explicit.secret("client", "pi_1")
    assert drawn.secret("client", "pi_1") != drawn.secret("client", "pi_1")
    assert draw_id_seed() != draw_id_seed()


def test_wh4_signing_keys_are_32_bytes_and_repeat_only_where_the_seed_was_given_explicitly() -> None:
    explicit, drawn = IdSource(0, repeatable_secrets=True), IdSource(0)
    assert explicit.key("webhook", "wh_1") == explicit.key("webhook", "wh_1")
    assert drawn.key("webhook", "wh_1") != drawn.key("webhook", "wh_1")
    assert explicit.key("webhook", "wh_1") != explicit.key("webhook", "wh_2")
    assert [len(source.key("webhook", "wh_1")) for source in (explicit, drawn)] == [32, 32]


def test_a_drawn_seed_fits_a_signed_64_bit_column_and_uses_most_of_it() -> None:
    drawn = [draw_id_seed() for _ in range(64)]
    assert 2**61 < max(drawn) < 2**63


class Everything(NamedTuple):
    """A row with every kind of value that rows may hold."""

    id: str
    number: int
    flag: bool
    when: date
    maybe: Reference | None
    parts: tuple[Posting, ...]
    notes: dict[str, str]


def test_rows_survive_json() -> None:
    row = Everything(
        "e1", 3, True, date(2024, 2, 15), Reference("a", "b"), (Posting("x", "y", 1, "usd"),), {"k": "v"}
    )
    assert decode(Everything, json.loads(json.dumps(encode(row)))) == row
    without = Everything("e2", 0, False, date(2024, 2, 15), None, (), {})
    assert decode(Everything, encode(without)) == without


class Later(NamedTuple):
    """A row as a later version writes it: with a field that earlier ones did not know."""

    id: str
    state: Literal["open", "closed"] = "open"
    tags: tuple[str, ...] = ()


def test_a_field_that_an_earlier_version_did_not_write_has_its_default() -> None:
    assert decode(Later, {"id": "l1"}) == Later("l1")
    assert decode(Later, {"id": "l1", "state": "closed", "tags": ["a"]}) == Later("l1", "closed", ("a",))


class Loose(NamedTuple):
    """A row with a field of two kinds, which JSON could not tell apart."""

    value: int | str


class Inexact(NamedTuple):
    """A row with a kind of number that money must not have."""

    value: float


@pytest.mark.parametrize(
    ("row_type", "data"),
    [
        (Later, {}),
        (Later, ["l1"]),
        (Later, {"id": 5}),
        (Later, {"id": "l1", "state": "ajar"}),
        (Loose, {"value": 1}),
        (Inexact, {"value": 1.5}),
    ],
    ids=["missing", "no object", "other type", "no choice", "two types", "float"],
)
def test_what_does_not_have_the_form_of_a_row_is_not_read(row_type: type, data: object) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        decode(row_type, data)


def test_a_state_document_restores_the_world_exactly() -> None:
    world, twin = empty_world(), empty_world()
    with world.unit() as unit:
        for _ in range(3):
            unit.put(NOTES, Note(unit.new_id("note"), "alice", "text", created_at=unit.now))
        unit.post(Reference("d", "1"), Posting("external:card", "wallet:alice:available", 5, "usd"))
        unit.emit("webhook.ping", "alice", {"a": 1})
        unit.plan(START + timedelta(days=1), "overdue", "x")
    with world.unit() as unit:
        unit.delete(NOTES, next(iter(world.tables["notes"].rows)))
    document = json.loads(json.dumps(dump(world)))
    load(twin, document)
    assert dump(twin) == document
    assert twin.ledger.check().ok
    with world.unit() as one, twin.unit() as other:
        assert one.new_id("note") == other.new_id("note")


@pytest.mark.parametrize(
    "damage", [{"version": 99}, {"tables": 5}, {"ledger": [{}]}, {"clock": {}}, {"jobs": [1]}]
)
def test_a_document_that_does_not_fit_changes_nothing(damage: dict[str, object]) -> None:
    world = empty_world()
    with world.unit() as unit:
        unit.put(NOTES, Note("n1", "alice", "kept"))
    before = dump(world)
    with pytest.raises(ValueError, match=r"version|state document"):
        load(world, {**before, **damage})
    assert dump(world) == before


def test_a_state_of_another_version_is_told_by_its_number() -> None:
    world = empty_world()
    with pytest.raises(ValueError, match=r"of version 99; \d+ is needed"):
        load(world, {**dump(world), "version": 99})


def stored() -> idempotency.StoredAnswer:
    asked = idempotency.fingerprint("POST", "/x", '{"a":1,"b":2}')
    return idempotency.StoredAnswer(
        idempotency.scope("alice", "payments", "k"), asked, 201, "application/json", "{}", START
    )


def test_id2_the_same_request_is_recalled_and_another_one_refused() -> None:
    world = empty_world(Blueprint(tables=(idempotency.ANSWERS,)))
    with world.unit() as unit:
        idempotency.remember(unit, stored())
        key = idempotency.scope("alice", "payments", "k")
        same = idempotency.fingerprint("POST", "/x", '{"b": 2, "a": 1}')
        assert idempotency.recall(unit, key, same) == stored()
        assert idempotency.recall(unit, idempotency.scope("bob", "payments", "k"), same) is None
        assert idempotency.recall(unit, idempotency.scope("alice", "wallets", "k"), same) is None
        with pytest.raises(DomainError) as caught:
            idempotency.recall(unit, key, idempotency.fingerprint("POST", "/x", '{"a":1}'))
    assert (caught.value.code, caught.value.status) == ("idempotency_key_reused", 422)
    assert caught.value.param == "Idempotency-Key"


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (("POST", "/x", '{"a":1,"b":[2]}'), ("POST", "/x", ' {"b" : [2],\n"\\u0061":1}'), True),
        (("POST", "/x", ""), ("POST", "/x", "{}"), True),
        (("POST", "/x", '{"a":1}'), ("POST", "/x", '{"a":true}'), False),
        (("POST", "/x", '{"a":1}'), ("POST", "/x", '{"a":1.0}'), False),
        (("POST", "/x", '{"a":[1,2]}'), ("POST", "/x", '{"a":[2,1]}'), False),
        (("POST", "/x", '{"a":1}'), ("POST", "/y", '{"a":1}'), False),
        (("POST", "/x\0y", '{"a":1}'), ("POST", "/x\0y", '{"a": 1}'), True),
    ],
    ids=["other spelling", "nothing", "true", "float", "order of a list", "path", "path with a NUL"],
)
@pytest.mark.parametrize("padding", ["", "p" * 5_000], ids=["short", "long"])
def test_id2_requests_with_equal_json_are_the_same(
    first: tuple[str, str, str], second: tuple[str, str, str], same: bool, padding: str
) -> None:
    asked, again = (
        idempotency.fingerprint(method, padding + path, body) for method, path, body in (first, second)
    )
    world = empty_world(Blueprint(tables=(idempotency.ANSWERS,)))
    with world.unit() as unit:
        idempotency.remember(unit, stored()._replace(id="k", fingerprint=asked))
        if same:
            assert idempotency.recall(unit, "k", again) is not None
        else:
            with pytest.raises(DomainError, match="another request"):
                idempotency.recall(unit, "k", again)


def test_id2_a_short_request_is_the_same_as_its_digest_of_earlier_files() -> None:
    earlier = hashlib.sha256(b'POST /x\n{"a":1,"b":2}').hexdigest()
    world = empty_world(Blueprint(tables=(idempotency.ANSWERS,)))
    with world.unit() as unit:
        idempotency.remember(unit, stored()._replace(id="k", fingerprint=earlier))
        assert idempotency.recall(unit, "k", stored().fingerprint) is not None


def test_a_long_request_is_not_kept_and_a_kept_one_is_not_shown() -> None:
    asked = idempotency.fingerprint("POST", "/x", f'{{"a":"{"secret" * 1_000}"}}')
    assert len(asked) == 64
    assert "secret" not in repr(
        stored()._replace(fingerprint=idempotency.fingerprint("POST", "/x", '"secret"'))
    )


def test_id5_a_key_is_new_again_after_24_hours() -> None:
    world = empty_world(Blueprint(tables=(idempotency.ANSWERS,)))
    with world.unit() as unit:
        idempotency.remember(unit, stored())
    key = idempotency.scope("alice", "payments", "k")
    for seconds, kept in ((86_399, True), (86_400, False)):
        with world.unit(now=START + timedelta(seconds=seconds)) as unit:
            assert (idempotency.recall(unit, key, stored().fingerprint) is not None) is kept


@pytest.mark.parametrize(
    ("status", "kept"),
    [(200, True), (201, True), (202, True), (402, True), (404, True), (409, True)]
    + [(204, True), (299, True)]
    + [(status, False) for status in (199, 300, 400, 401, 403, 405, 413, 415, 422, 429, 500, 503)],
)
def test_id4_which_outcomes_are_kept(status: int, kept: bool) -> None:
    assert idempotency.is_stored(status) is kept


@pytest.mark.parametrize(
    ("key", "valid"),
    [("k", True), ("k" * 255, True), ("k" * 256, False), ("", False), ("é", False), ("a\tb", False)],
)
def test_id1_keys_are_printable_ascii(key: str, valid: bool) -> None:
    assert idempotency.valid_key(key) is valid


def test_rules_2_1_every_test_method_is_there_in_both_spellings() -> None:
    for name in ("", "InsufficientFunds", "LostCard", "StolenCard"):
        plain, visa = METHODS[f"pm_card_chargeDeclined{name}"], METHODS[f"pm_card_visa_chargeDeclined{name}"]
        assert plain.decline == visa.decline is not None
    expected = {
        "pm_card_chargeDeclined": ("card_declined", "generic_decline", False),
        "pm_card_chargeDeclinedInsufficientFunds": ("card_declined", "insufficient_funds", False),
        "pm_card_chargeDeclinedExpiredCard": ("expired_card", None, False),
        "pm_card_chargeDeclinedIncorrectCvc": ("incorrect_cvc", None, False),
        "pm_card_chargeDeclinedProcessingError": ("processing_error", None, False),
        "pm_card_chargeDeclinedLostCard": ("card_declined", "lost_card", True),
        "pm_card_chargeDeclinedStolenCard": ("card_declined", "stolen_card", True),
        "pm_card_chargeDeclinedFraudulent": ("card_declined", "fraudulent", True),
        "pm_card_radarBlock": ("card_declined", "fraudulent", True),
    }
    for token, (code, decline_code, hard) in expected.items():
        decline = METHODS[token].decline
        assert decline is not None
        assert (decline.code, decline.decline_code, decline.hard) == (code, decline_code, hard)
        assert CODES[decline.code] == (402, "card_error")
    for brand in ("visa", "visa_debit", "mastercard", "amex", "discover", "jcb"):
        assert METHODS[f"pm_card_{brand}"].decline is None


def test_rules_2_1_what_each_test_method_does() -> None:
    """Rail, authentication, decline code on and off session, whether a debit settles, what a refund does."""
    asked = "authentication_required"
    rest = {
        "pm_card_visa": ("card", False, None, None, True, "succeeds"),
        "pm_card_authenticationRequired": ("card", True, None, asked, True, "succeeds"),
        "pm_card_threeDSecure2Required": ("card", True, None, asked, True, "succeeds"),
        "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds": (
            "card",
            True,
            "insufficient_funds",
            asked,
            True,
            "succeeds",
        ),
        "pm_card_chargeCustomerFail": ("card", False, None, "generic_decline", True, "succeeds"),
        "pm_card_pendingRefund": ("card", False, None, None, True, "pends"),
        "pm_card_refundFail": ("card", False, None, None, True, "fails"),
        "pm_bank_success": ("bank", False, None, None, True, "succeeds"),
        "pm_bank_fail": ("bank", False, None, None, False, "succeeds"),
        "pm_wallet": ("wallet", False, None, None, True, "succeeds"),
    }
    for token, expected in rest.items():
        method = METHODS[token]
        assert (
            method.rail,
            method.needs_authentication,
            method.decline and method.decline.decline_code,
            method.off_session_decline and method.off_session_decline.decline_code,
            method.settles,
            method.refund,
        ) == expected
    assert METHODS["pm_card_visa"].id == "pm_card_visa"


def test_an_error_of_several_failures_leads_with_the_first() -> None:
    error = DomainError.of_failures(
        [Failure("amount", "invalid_amount", "A."), Failure("currency", "missing_field", "B.")]
    )
    assert (error.status, error.code, error.param, error.detail) == (422, "invalid_amount", "amount", "A.")
    assert [failure.param for failure in error.failures] == ["amount", "currency"]
    assert error.args == ("invalid_amount", "A.")
