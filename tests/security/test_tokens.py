"""Rules AU-1 to AU-3: variants of a signed token, beyond tests/server/web/test_auth_verify.py."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest

from isa_mockserver.testing.inprocess import ask
from isa_mockserver.web.auth import MAX_TOKEN_CHARS, TrustedKey, VerifyAuthenticator
from isa_mockserver.web.control import ControlSettings
from tests.server.web.controls import ControlServer
from tests.server.web.jwts import NOW, NOW_S, SECRET, b64, code_of, hs256, part

GOOD = {"sub": "alice", "exp": NOW_S + 60}
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
TOKEN = hs256(GOOD)
HEADER, PAYLOAD, SIGNATURE = TOKEN.split(".")


def verifier() -> VerifyAuthenticator:
    return VerifyAuthenticator(TrustedKey.shared_secret(SECRET), wall=lambda: NOW)


def signed(header: bytes, payload: bytes) -> str:
    """These very bytes, rightly signed."""
    text = f"{b64(header)}.{b64(payload)}"
    return f"{text}.{b64(hmac.digest(SECRET.encode(), text.encode(), hashlib.sha256))}"


def same_bytes_spelled_otherwise(segment: str) -> list[str]:
    """With other last characters: 43 of them carry 258 bits, and lenient decoders drop the last two."""
    assert len(segment) % 4 == 3
    last = ALPHABET.index(segment[-1])
    return [segment[:-1] + ALPHABET[last ^ low_bits] for low_bits in (1, 2, 3)]


SPELLINGS = [
    *(f"{HEADER}.{PAYLOAD}.{each}" for each in same_bytes_spelled_otherwise(SIGNATURE)),
    f"{TOKEN}=",
    f"{TOKEN}==",
    f"{HEADER}.{PAYLOAD}.{SIGNATURE[:9]}!{SIGNATURE[9:]}",
    f"{HEADER}.{PAYLOAD}.{SIGNATURE[:9]} {SIGNATURE[9:]}",
    f"{HEADER}.{PAYLOAD}.{SIGNATURE[:9]}\t{SIGNATURE[9:]}",
    f"{HEADER}=.{PAYLOAD}.{SIGNATURE}",
    f"{HEADER}.{PAYLOAD}..{SIGNATURE}",
    f".{HEADER}.{PAYLOAD}.{SIGNATURE}",
    f"{TOKEN}\xa0",
    f"{TOKEN}\x00",
    f"{TOKEN},{TOKEN}",
    f"Bearer {TOKEN}",
    TOKEN.lower(),
    TOKEN[:-1],
    TOKEN[1:],
]


@pytest.mark.parametrize("token", SPELLINGS)
def test_a_signed_token_has_one_spelling(token: str) -> None:
    """RFC 7515, 2: base64url without padding; a variant must not pass for a token of its own."""
    verify = verifier()
    assert code_of(verify, f"Bearer {TOKEN}") == "accepted"
    assert code_of(verify, f"Bearer {token}") == "invalid_token"
    assert set(verify._remembered._by_token) == {TOKEN}


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("JWT", "accepted"),
        ("jwt", "accepted"),
        ("at+jwt", "accepted"),
        ("application/at+jwt", "accepted"),
        ("logout+jwt", "invalid_token"),
        ("secevent+jwt", "invalid_token"),
        ("dpop+jwt", "invalid_token"),
        ("JWE", "invalid_token"),
        ("", "invalid_token"),
        (1, "invalid_token"),
        (None, "invalid_token"),
        (["JWT"], "invalid_token"),
    ],
)
def test_a_token_for_another_use_is_not_an_access_token(kind: Any, code: str) -> None:
    """RFC 8725, 3.11."""
    assert code_of(verifier(), f"Bearer {hs256(GOOD, header={'alg': 'HS256', 'typ': kind})}") == code


NESTED = signed(b'{"alg":"HS256","cty":"JWT"}', TOKEN.encode())
CLAIMS = b'{"sub":"alice","exp":%d' % (NOW_S + 60)


@pytest.mark.parametrize(
    "token",
    [
        NESTED,
        signed(b'{"alg":"none","alg":"HS256"}', CLAIMS + b"}"),
        signed(b'{"typ":"JWT","alg":"HS256","typ":"JWT"}', CLAIMS + b"}"),
        signed(b'{"alg":"HS256"}', CLAIMS + b',"sub":"bob"}'),
        signed(b'{"alg":"HS256"}', CLAIMS + b',"roles":["user"],"roles":["admin"]}'),
        signed(b'{"alg":"HS256"}', b"\xef\xbb\xbf" + CLAIMS + b"}"),
        signed(b'{"alg":"HS256"}', CLAIMS + b"}{}"),
        signed(b'{"alg":"HS256"}', b'{"sub":"alice","exp":NaN}'),
        signed(b'{"alg":"HS256"}', b'{"sub":"alice","exp":1e999}'),
        signed(b'{"alg":"HS256"}', b'{"sub":"alice","exp":' + b"9" * 5000 + b"}"),
        signed(b'{"alg":"HS256"}', b'{"sub":"\\ud800","exp":%d}' % (NOW_S + 60)),
        signed(b'{"alg":"HS256"}', b'{"sub":"a\\nb","exp":%d}' % (NOW_S + 60)),
        signed(b'{"alg":"HS256"}', b'{"sub":"a\\u0000","exp":%d}' % (NOW_S + 60)),
        signed(b'{"alg":"HS256"}', b'{"sub":"","exp":%d}' % (NOW_S + 60)),
        signed(b'{"alg":"HS256"}', CLAIMS + b',"sandbox":["box"]}'),
        signed(b'{"alg":"HS256","deep":' + b"[" * 2000 + b"]" * 2000 + b"}", CLAIMS + b"}"),
        signed(b'["HS256"]', CLAIMS + b"}"),
        hs256({**GOOD, "note": "x" * MAX_TOKEN_CHARS}),
        hs256(GOOD, header={"alg": "HS256", "kid": None}),
    ],
)
def test_even_a_right_signature_does_not_save_a_token_with_two_meanings(token: str) -> None:
    """AU-1: duplicated claims, nesting, absurd numbers, halves of characters, absurd length."""
    assert code_of(verifier(), f"Bearer {token}") == "invalid_token"


@pytest.mark.parametrize("kid", ["../../../../etc/passwd", "' OR 1=1 --", "x" * 4000, "http://127.0.0.1:9/k"])
def test_a_key_id_chooses_nothing(kid: str) -> None:
    """AU-2: it is neither a path nor a query; the configured key judges, here for and there against."""
    header = {"alg": "HS256", "kid": kid}
    assert code_of(verifier(), f"Bearer {hs256(GOOD, header=header)}") == "accepted"
    assert code_of(verifier(), f"Bearer {hs256(GOOD, secret=b'', header=header)}") == "invalid_token"


def test_the_memory_of_tokens_serves_none_that_expired_nor_another_ones_rights() -> None:
    """AU-3: two tokens of one user are two entries; expiry is judged at each use, also in the last second."""
    moments = iter([NOW, NOW, NOW.replace(second=29), NOW.replace(second=30), NOW.replace(second=31)])
    verify = VerifyAuthenticator(TrustedKey.shared_secret(SECRET), wall=lambda: next(moments))
    plain = f"Bearer {hs256({'sub': 'alice', 'exp': NOW_S})}"
    admin = f"Bearer {hs256({'sub': 'alice', 'exp': NOW_S + 600, 'roles': ['admin']})}"
    assert not verify.authenticate(plain).is_admin
    assert verify.authenticate(admin).is_admin
    assert [code_of(verify, plain) for _ in range(3)] == ["accepted", "token_expired", "token_expired"]


def test_a_changed_key_refuses_what_the_old_one_signed() -> None:
    """What is remembered belongs to one key: withdrawing a key withdraws its tokens with the next start."""
    header = f"Bearer {TOKEN}"
    assert code_of(verifier(), header) == "accepted"
    other = VerifyAuthenticator(
        TrustedKey.shared_secret("another secret of thirty-two bytes"), wall=lambda: NOW
    )
    assert code_of(other, header) == "invalid_token"


def test_of_two_authorization_headers_the_first_counts_alone() -> None:
    """A second header adds no rights to the first one's."""
    admin = hs256({**GOOD, "roles": ["admin"]})
    server = ControlServer(ControlSettings(admins_only=True), verifier())

    def status(*tokens: str) -> int:
        headers = [(b"authorization", f"Bearer {token}".encode()) for token in tokens]
        return ask(server.app, "GET", "http://localhost:8200/_mock/clock", headers, b"")[0]

    assert status(admin) == 200
    assert (status(TOKEN, admin), status(f"{admin}x", admin)) == (403, 401)


@pytest.mark.parametrize(
    "alg", ["none", "None", "NONE", "nOnE", "", None, 0, False, "HS256 ", "hs256", "HS384"]
)
def test_no_spelling_of_an_algorithm_switches_the_check_off(alg: Any) -> None:
    """AU-2, RFC 8725, 3.1: with an empty signature, with the right one, and with none at all."""
    unsigned = f"{part({'alg': alg, 'typ': 'JWT'})}.{part(GOOD)}"
    for token in (f"{unsigned}.", unsigned, hs256(GOOD, header={"alg": alg})):
        assert code_of(verifier(), f"Bearer {token}") == "invalid_token"
