"""Rules AU-1 to AU-3 in verify mode: attacks on signed tokens fail, good tokens pass."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from isa_mockserver.web.auth import TrustedKey, VerifyAuthenticator, mint_token
from tests.server.web.jwts import NOW, NOW_S, SECRET, b64, code_of, hs256, part

GOOD = {"sub": "alice", "exp": NOW_S + 60}


def pem_of(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
RSA_PEM = pem_of(RSA_KEY)


def rs256(claims: Any, *, key: rsa.RSAPrivateKey = RSA_KEY, header: dict[str, Any] | None = None) -> str:
    signing_input = f"{part({'alg': 'RS256', 'typ': 'JWT', **(header or {})})}.{part(claims)}"
    return f"{signing_input}.{b64(key.sign(signing_input.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def with_secret(**options: Any) -> VerifyAuthenticator:
    return VerifyAuthenticator(TrustedKey.shared_secret(SECRET), wall=lambda: NOW, **options)


def with_public_key() -> VerifyAuthenticator:
    return VerifyAuthenticator(TrustedKey.public_key(RSA_PEM), wall=lambda: NOW)


def test_a_token_signed_with_the_secret_is_its_subject() -> None:
    """AU-2, AU-3."""
    token = hs256({**GOOD, "scope": "admin", "sandbox": "box-1"})
    caller = with_secret().authenticate(f"Bearer {token}")
    assert (caller.user_id, caller.is_admin, caller.sandbox) == ("alice", True, "box-1")


def test_a_token_signed_with_the_private_key_is_its_subject() -> None:
    """AU-2."""
    assert with_public_key().authenticate(f"Bearer {rs256(GOOD)}").user_id == "alice"


@pytest.mark.parametrize(
    "token",
    [
        f"{part({'alg': 'none'})}.{part(GOOD)}.",
        f"{part({'alg': 'None'})}.{part(GOOD)}.",
        hs256(GOOD, header={"alg": "none"}),
        hs256(GOOD, header={"typ": "JWT"}),
        hs256(GOOD, header={"alg": ["HS256"]}),
        hs256(GOOD, header={"alg": "HS512"}),
        hs256(GOOD, secret=b"another secret of thirty-two bytes, at least"),
        hs256(GOOD).rpartition(".")[0] + ".",
        hs256(GOOD).rpartition(".")[0],
        hs256(GOOD)[:-2],
        hs256(GOOD) + ".x",
        hs256(GOOD, header={"alg": "HS256", "crit": ["exp"]}),
        hs256(GOOD, header={"alg": "HS256", "b64": False, "crit": ["b64"]}),
        "YOUR_JWT_TOKEN",
        "user_456",
        "a.b.c",
        "é.è.à",
        f"{b64(b'[' * 4000)}.{part(GOOD)}.x",
        hs256([GOOD]),
        hs256("alice"),
    ],
)
def test_a_token_that_the_secret_did_not_sign_as_hs256_is_refused(token: str) -> None:
    """AU-2: the configuration of the key fixes the algorithm, never the token."""
    assert code_of(with_secret(), f"Bearer {token}") == "invalid_token"


@pytest.mark.parametrize(
    "token",
    [
        hs256(GOOD, secret=RSA_PEM),
        hs256(GOOD, secret=RSA_PEM.strip()),
        hs256(GOOD, secret=RSA_PEM, header={"alg": "RS256"}),
        f"{part({'alg': 'none'})}.{part(GOOD)}.",
        rs256(GOOD, key=rsa.generate_private_key(public_exponent=65537, key_size=2048)),
        rs256(GOOD).rpartition(".")[0] + ".",
        hs256(GOOD),
    ],
)
def test_a_token_that_the_private_key_did_not_sign_is_refused(token: str) -> None:
    """AU-2: an HS256 token signed with the text of the RSA public key above all."""
    assert code_of(with_public_key(), f"Bearer {token}") == "invalid_token"


def test_key_hints_in_a_token_are_not_followed() -> None:
    """AU-2: a token that brings or points at its own key is judged by ours; a mere key id does no harm."""
    mallory = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    numbers = mallory.public_key().public_numbers()
    jwk = {
        "kty": "RSA",
        "n": b64(numbers.n.to_bytes(256, "big")),
        "e": b64(numbers.e.to_bytes(3, "big")),
    }
    for hint in ({"jku": "http://127.0.0.1:9/keys"}, {"x5u": "http://127.0.0.1:9/c"}, {"jwk": jwk}):
        assert (
            code_of(with_public_key(), f"Bearer {rs256(GOOD, key=mallory, header=hint)}") == "invalid_token"
        )
    assert code_of(with_public_key(), f"Bearer {rs256(GOOD, header={'kid': '2024-01'})}") == "accepted"
    assert code_of(with_public_key(), f"Bearer {rs256(GOOD, header={'kid': {'a': 1}})}") == "invalid_token"


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"exp": NOW_S + 1}, "accepted"),
        ({"exp": NOW_S - 29}, "accepted"),
        ({"exp": NOW_S - 30}, "token_expired"),
        ({"exp": None}, "invalid_token"),
        ({"nbf": NOW_S + 30}, "accepted"),
        ({"nbf": NOW_S + 31}, "invalid_token"),
        ({"iat": NOW_S + 30}, "accepted"),
        ({"iat": NOW_S + 31}, "invalid_token"),
        ({"sub": None}, "invalid_token"),
        ({"sub": 456}, "invalid_token"),
    ],
)
def test_times_and_subject_are_checked(claims: dict[str, Any], code: str) -> None:
    """AU-1, AU-3: exp is required, the leeway is 30 seconds."""
    given = {name: value for name, value in {**GOOD, **claims}.items() if value is not None}
    assert code_of(with_secret(), f"Bearer {hs256(given)}") == code


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"iss": "https://id.example", "aud": "isa"}, "accepted"),
        ({"iss": "https://id.example", "aud": ["other", "isa"]}, "accepted"),
        ({"iss": "https://evil.example", "aud": "isa"}, "invalid_token"),
        ({"iss": ["https://id.example"], "aud": "isa"}, "invalid_token"),
        ({"aud": "isa"}, "invalid_token"),
        ({"iss": "https://id.example"}, "invalid_token"),
        ({"iss": "https://id.example", "aud": "isa-other"}, "invalid_token"),
        ({"iss": "https://id.example", "aud": ["other"]}, "invalid_token"),
        ({"iss": "https://id.example", "aud": {"isa": 1}}, "invalid_token"),
    ],
)
def test_issuer_and_audience_must_be_the_configured_ones(claims: dict[str, Any], code: str) -> None:
    """AU-1."""
    verify = with_secret(issuer="https://id.example", audience="isa")
    assert code_of(verify, f"Bearer {hs256({**GOOD, **claims})}") == code


def test_issuer_and_audience_are_free_where_none_is_configured() -> None:
    assert code_of(with_secret(), f"Bearer {hs256({**GOOD, 'iss': 'x', 'aud': 'y'})}") == "accepted"


def test_a_remembered_token_expires_all_the_same() -> None:
    """AU-3: the memory of verified tokens judges the expiry at every use."""
    moments = iter([NOW, NOW.replace(second=29), NOW.replace(second=30)])
    verify = VerifyAuthenticator(TrustedKey.shared_secret(SECRET), wall=lambda: next(moments))
    header = f"Bearer {hs256({'sub': 'alice', 'exp': NOW_S})}"
    assert [code_of(verify, header) for _ in range(3)] == ["accepted", "accepted", "token_expired"]


def test_refused_tokens_are_not_remembered() -> None:
    verify = with_secret()
    for number in range(100):
        assert code_of(verify, f"Bearer {hs256(GOOD, secret=str(number).encode() * 40)}") == "invalid_token"
    assert not verify._remembered._by_token


def test_a_minted_token_is_accepted_where_the_secret_is_the_same() -> None:
    """AU-3; a negative time to live makes a token that has expired."""
    verify = with_secret(issuer="me", audience="isa")
    options: dict[str, Any] = {"secret": SECRET, "issuer": "me", "audience": "isa", "now": NOW}
    token = mint_token("alice", roles=["admin"], sandbox="box-1", ttl_s=60, **options)
    caller = verify.authenticate(f"Bearer {token}")
    assert (caller.user_id, set(caller.roles), caller.sandbox) == ("alice", {"admin"}, "box-1")
    assert code_of(verify, f"Bearer {mint_token('alice', ttl_s=-60, **options)}") == "token_expired"
    assert code_of(verify, f"Bearer {mint_token('alice', now=NOW)}") == "invalid_token"


@pytest.mark.parametrize("secret", ["", "x" * 31, RSA_PEM.decode()])
def test_a_weak_secret_is_refused_at_the_start(secret: str) -> None:
    """AU-2: at least 32 bytes."""
    with pytest.raises(ValueError, match="JWT secret"):
        TrustedKey.shared_secret(secret)
    assert TrustedKey.shared_secret("x" * 32).algorithm == "HS256"


def test_a_public_key_must_be_a_strong_rsa_public_key() -> None:
    """AU-2."""
    private = RSA_KEY.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    weak = pem_of(rsa.generate_private_key(public_exponent=65537, key_size=1024))
    curve = pem_of(ec.generate_private_key(ec.SECP256R1()))
    for pem in (b"", b"not a key", private, weak, curve):
        with pytest.raises(ValueError, match="JWT public key"):
            TrustedKey.public_key(pem)


def test_a_trusted_key_does_not_show_itself() -> None:
    assert SECRET not in repr(TrustedKey.shared_secret(SECRET))
