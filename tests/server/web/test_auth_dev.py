"""Rules AU-1 to AU-4 in dev mode: anyone is a user, but a token that says it expired has expired."""

from __future__ import annotations

import pytest

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.web.auth import DevAuthenticator
from tests.server.web.jwts import NOW, NOW_S, b64, code_of, hs256, part


@pytest.fixture
def dev() -> DevAuthenticator:
    return DevAuthenticator(wall=lambda: NOW)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_case_insensitive(dev: DevAuthenticator, scheme: str) -> None:
    """AU-1."""
    assert dev.authenticate(f"{scheme} user_7").user_id == "user_7"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic dXNlcjpwdw==", "user_7"])
def test_a_missing_token_or_other_scheme_is_challenged_plainly(
    dev: DevAuthenticator, header: str | None
) -> None:
    """AU-1."""
    with pytest.raises(DomainError) as refused:
        dev.authenticate(header)
    assert (refused.value.status, refused.value.code) == (401, "authentication_required")
    assert refused.value.headers == (("WWW-Authenticate", "Bearer"),)


def test_the_placeholder_of_the_page_is_user_456(dev: DevAuthenticator) -> None:
    """AU-2."""
    assert dev.authenticate("Bearer YOUR_JWT_TOKEN").user_id == "user_456"


def test_any_other_string_is_a_stable_user(dev: DevAuthenticator) -> None:
    """AU-2: user_ and 8 hex digits, the same for the same string."""
    # sha256("letmein") begins 1c8bfe8f
    assert dev.authenticate("Bearer letmein").user_id == "user_1c8bfe8f"
    assert dev.authenticate("Bearer letmein!").user_id != "user_1c8bfe8f"


@pytest.mark.parametrize("token", ["user_", "user_a/../b", "user_é", "user_" + "x" * 300])
def test_a_bare_token_that_is_no_user_id_becomes_one(dev: DevAuthenticator, token: str) -> None:
    """AU-2."""
    user_id = dev.authenticate(f"Bearer {token}").user_id
    assert len(user_id) == len("user_") + 8
    assert set(user_id.removeprefix("user_")) <= set("0123456789abcdef")


def test_a_jwt_is_its_subject_whatever_its_signature(dev: DevAuthenticator) -> None:
    """AU-2."""
    token = hs256({"sub": "alice", "roles": ["admin"], "sandbox": "box-1"}, secret=b"anything")
    caller = dev.authenticate(f"Bearer {token}")
    assert (caller.user_id, caller.is_admin, caller.sandbox) == ("alice", True, "box-1")
    unsigned = f"{part({'alg': 'none'})}.{part({'sub': 'bob'})}."
    assert dev.authenticate(f"Bearer {unsigned}").user_id == "bob"


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({"roles": ["admin", "support"]}, {"admin", "support"}),
        ({"roles": "admin support"}, {"admin", "support"}),
        ({"scope": "read admin"}, {"read", "admin"}),
        ({"roles": ["a"], "scope": "b"}, {"a", "b"}),
        ({"roles": {"admin": True}}, set()),
        ({"roles": [["admin"], 7]}, set()),
    ],
)
def test_roles_come_from_roles_and_scope(
    dev: DevAuthenticator, claims: dict[str, object], roles: set[str]
) -> None:
    """AU-4."""
    assert dev.authenticate(f"Bearer {hs256({'sub': 'alice', **claims})}").roles == roles


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"exp": NOW_S - 29}, "accepted"),
        ({"exp": NOW_S - 30}, "token_expired"),
        ({"exp": NOW_S - 29.5}, "token_expired"),
        ({"nbf": NOW_S + 30}, "accepted"),
        ({"nbf": NOW_S + 31}, "invalid_token"),
        ({"iat": NOW_S + 30}, "accepted"),
        ({"iat": NOW_S + 31}, "invalid_token"),
        ({"exp": "tomorrow"}, "invalid_token"),
        ({"exp": str(NOW_S + 60)}, "invalid_token"),
        ({"exp": True}, "invalid_token"),
        ({"exp": [NOW_S + 60]}, "invalid_token"),
        ({"exp": 10**300}, "accepted"),
    ],
)
def test_times_are_judged_with_thirty_seconds_of_leeway(
    dev: DevAuthenticator, claims: dict[str, object], code: str
) -> None:
    """AU-3: accepted while now < exp + 30."""
    assert code_of(dev, f"Bearer {hs256({'sub': 'alice', **claims})}") == code


def test_an_infinite_expiry_is_refused(dev: DevAuthenticator) -> None:
    """AU-1: 1e999 is JSON, but no time."""
    claims = b64(b'{"sub": "alice", "exp": 1e999}')
    assert code_of(dev, f"Bearer {part({'alg': 'HS256'})}.{claims}.x") == "invalid_token"


@pytest.mark.parametrize(
    "claims",
    [{}, {"sub": ""}, {"sub": 7}, {"sub": None}, {"sub": "x" * 256}, {"sub": "a\0b"}, {"sub": "a\nb"}],
)
def test_a_jwt_without_a_usable_subject_is_refused(dev: DevAuthenticator, claims: dict[str, object]) -> None:
    """AU-1, AU-3."""
    with pytest.raises(DomainError) as refused:
        dev.authenticate(f"Bearer {hs256(claims)}")
    assert (refused.value.status, refused.value.code) == (401, "invalid_token")
    assert refused.value.headers == (("WWW-Authenticate", 'Bearer error="invalid_token"'),)


def test_the_claim_user_id_stands_in_for_the_subject(dev: DevAuthenticator) -> None:
    """AU-3."""
    assert dev.authenticate(f"Bearer {hs256({'user_id': 'carol'})}").user_id == "carol"


@pytest.mark.parametrize("claims", [b"not json", b"[]", b'{"sub":"a","sub":"b"}', b"[" * 5000, b"\xff"])
def test_a_jwt_whose_claims_cannot_be_read_is_refused(dev: DevAuthenticator, claims: bytes) -> None:
    """AU-1."""
    assert code_of(dev, f"Bearer {part({'alg': 'HS256'})}.{b64(claims)}.x") == "invalid_token"


def test_an_expiry_is_judged_again_at_every_use() -> None:
    """AU-3: what was accepted a moment ago is refused once its time is over."""
    moments = iter([NOW.replace(second=0), NOW.replace(second=29), NOW.replace(second=30)])
    dev = DevAuthenticator(wall=lambda: next(moments))
    header = f"Bearer {hs256({'sub': 'alice', 'exp': NOW_S})}"
    assert [code_of(dev, header) for _ in range(3)] == ["accepted", "accepted", "token_expired"]


def test_the_memory_of_tokens_is_bounded(dev: DevAuthenticator) -> None:
    """Ten thousand different tokens leave no more than the bound behind, and each is still its own user."""
    users = {dev.authenticate(f"Bearer user_{number}").user_id for number in range(10_000)}
    assert len(users) == 10_000
    assert len(dev._remembered._by_token) <= 4_096


def test_a_token_of_absurd_length_is_refused(dev: DevAuthenticator) -> None:
    assert code_of(dev, "Bearer " + "x" * 16_385) == "invalid_token"
