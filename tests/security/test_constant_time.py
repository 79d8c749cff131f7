"""Signatures are compared in constant time (quality page); `scripts/signature_timing.py` measures it."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest
from jwt.algorithms import HMACAlgorithm

from isa_mockserver.web import auth
from isa_user.webhooks import _signature

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [path for folder in ("src", "mockserver") for path in sorted((ROOT / folder).rglob("*.py"))]
SIGNED_WORDS = {"signature", "signatures", "digest", "hexdigest", "hmac"}


def _names(node: ast.AST) -> set[str]:
    found = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return found | {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}


def leaky_comparisons(source: str) -> list[int]:
    """Lines that compare something named like a signature with `==`, `!=` or `in`."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Compare):
            continue
        if not any(isinstance(op, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for op in node.ops):
            continue
        words = {word for name in _names(node) for word in name.lower().split("_")}
        if words & SIGNED_WORDS:
            lines.append(node.lineno)
    return lines


def test_nothing_named_like_a_signature_is_compared_by_a_plain_operator() -> None:
    found = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCES
        if (lines := leaky_comparisons(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("if given_signature == expected: pass", [1]),
        ("ok = digest(a) != b", [1]),
        ("ok = request.signature in known", [1]),
        ("ok = hmac.compare_digest(signature, given)", []),
        ("ok = signature is None", []),
        ("ok = amount == 3", []),
    ],
)
def test_the_search_finds_a_plain_comparison(source: str, lines: list[int]) -> None:
    assert leaky_comparisons(source) == lines


@pytest.mark.parametrize("judge", [_signature.matches, HMACAlgorithm.verify])
def test_what_judges_signatures_uses_compare_digest(judge: object) -> None:
    """The SDK's webhooks, and PyJWT for the tokens of a server that verifies."""
    assert "hmac.compare_digest(" in inspect.getsource(judge)  # type: ignore[arg-type]


def test_tokens_are_judged_by_pyjwt_alone() -> None:
    assert "self._signatures.decode(" in inspect.getsource(auth.VerifyAuthenticator._verified_payload)
    assert "compare_digest" not in inspect.getsource(auth)
