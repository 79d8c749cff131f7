"""DATA: the secrets that real traffic carries, and the few places where each may show, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

from isa_mockserver.web.auth import mint_token

JWT_SECRET = "canary-jwt-secret-0f8b62d1c35e47a9"
WEBHOOK_SECRET = "whsec_Y2FuYXJ5LXdlYmhvb2stc2VjcmV0LTEyMzQ1Njc4"
USER = "user_456"
TOKEN = mint_token(USER, secret=JWT_SECRET)
ADMIN_TOKEN = mint_token("admin_1", roles=["admin"], secret=JWT_SECRET)
REFUSED_TOKEN = mint_token(USER, secret="a secret that this server does not have")
BASIC = "Y2FuYXJ5OmJhc2ljLXBhc3N3b3Jk"
CARD_NUMBER = "4000056655665556"
CARD_NUMBER_SPACED = "5200 8282 8282 8210"
QUERY_TOKEN = "canary-query-5b1e"
COOKIE = "canary-cookie-77d0"
IDEMPOTENCY_KEY = "canary-key-2c9f"
NOTE = "canary note for the recipient"
WALLET_ADDRESS = "0x52908400098527886E0F7030069857D2E4169EE7"

SECRETS: Mapping[str, str] = {
    "token": TOKEN,
    "token's signature": TOKEN.rpartition(".")[2],
    "admin token": ADMIN_TOKEN.rpartition(".")[2],
    "refused token": REFUSED_TOKEN.rpartition(".")[2],
    "Basic credentials": BASIC,
    "JWT secret": JWT_SECRET,
    "webhook secret": WEBHOOK_SECRET.removeprefix("whsec_"),
    "card number": CARD_NUMBER,
    "card number in groups": CARD_NUMBER_SPACED,
    "token in a query": QUERY_TOKEN,
    "cookie": COOKIE,
    "idempotency key": IDEMPOTENCY_KEY,
    "note": NOTE,
    "wallet address": WALLET_ADDRESS,
}
"""What is looked for. A client secret is made by the server: the traffic adds it as `client secret`."""

CLIENT_SECRET = "client secret"

_STATE = "a saved state must go on where it was; it is made readable for its owner only (docs/security.md)"
_BUSINESS = "not a secret but what the payment is about: whoever may look at the server may see it"
_RESUME = "the error says with which key the write can be resumed without paying twice"
_ROW = "the name of the row that keeps the answer; it is of no use without its user's token"
_TOLD = "the command tells it to who may drive the server, for the receiver (WH-10)"
_SENT = "it is what the application itself printed to see what it sent"

_STATES = ("state export", "state file", "state saved by the command")
_SHOWS_WHAT_WAS_ASKED = ("journal", "$ requests --json")
_SHOWS_WHAT_HAPPENED = ("events", "$ events --json", "webhook bodies", "events of the SDK")
_SHOWS_WHAT_CHANGED = ("snapshot diff", "$ snapshots diff --json")


def _pairs(secrets: Iterable[str], sinks: Iterable[str], reason: str) -> Mapping[tuple[str, str], str]:
    return dict.fromkeys(product(secrets, sinks), reason)


ALLOWED: Mapping[tuple[str, str], str] = {
    **_pairs((CLIENT_SECRET, "webhook secret", "idempotency key"), _STATES, _STATE),
    **_pairs(("note", "wallet address"), (*_STATES, *_SHOWS_WHAT_WAS_ASKED), _BUSINESS),
    **_pairs(("note",), _SHOWS_WHAT_HAPPENED, _BUSINESS),
    **_pairs(("note", "wallet address"), ("models of the SDK",), _SENT),
    **_pairs(("idempotency key",), (*_SHOWS_WHAT_CHANGED, "$ snapshots diff"), _ROW),
    **_pairs(("note", "wallet address"), _SHOWS_WHAT_CHANGED, _BUSINESS),
    **_pairs(("idempotency key",), ("errors of the SDK", "pickled errors of the SDK"), _RESUME),
    **_pairs(("webhook secret",), ("$ webhooks", "$ webhooks --json"), _TOLD),
    **_pairs(("webhook secret",), ("banner",), "whoever starts the server has to tell the receiver"),
}
"""(secret, sink) -> why it may show there; every other pair must stay empty, and these must not."""
