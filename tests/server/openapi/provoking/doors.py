"""What any call can be refused for before its own work begins: who calls, how, where to, how often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

from isa_mockserver.web import health
from isa_mockserver.web.admission import Admission
from isa_mockserver.web.runtime import SandboxStart
from isa_mockserver.web.sandboxes import MAX_SANDBOXES
from tests.server.openapi.subject import MINT

from .recorder import OPERATIONS, Described, Recorder, Seen

FIRST_USES: Mapping[str, tuple[str, str]] = {
    "payments": ("payments_create_intent", "payments_create_crypto_payment"),
    "wallets": ("wallets_deposit", "wallets_transfer"),
    "billing": ("billing_record_usage", "billing_create_invoice"),
    "subscriptions": ("subscriptions_preview_change", "subscriptions_cancel_subscription"),
    "credits": ("credits_reserve", "credits_consume"),
}
"""Service -> two calls that can use up a key."""


def provoke(seen: Seen) -> None:
    """Send every operation all that its door refuses."""
    full = _full_of_sandboxes(seen)
    for operation in OPERATIONS.values():
        _ask(Recorder(seen), operation)
        if operation.has_body:
            _ask(Recorder(seen), operation, operation.misspelt)
        recorder = Recorder(seen)
        _every(recorder, operation)
        if operation.id != "health_health":
            _inside(recorder, operation)
            _ask(full, operation, headers={"Isa-Sandbox": "one-more"})
        if operation.has_body:
            _bodies(recorder, operation)
        if operation.keyed:
            _keys(recorder, operation)
        if operation.service not in ("control", "health"):
            _load(recorder, operation)
        elif operation.service == "control":
            _ask(recorder, operation, headers={"Host": "evil.example"})


def _ask(recorder: Recorder, operation: Described, body: Any = ..., **how: Any) -> None:
    sent = operation.body if body is ... else body
    recorder.send(operation.method, recorder.path_of(operation), sent, of=operation, **how)


def _every(recorder: Recorder, operation: Described) -> None:
    """Another method, and a defect of the server's own."""
    recorder.send("TRACE", recorder.path_of(operation), of=operation)
    with (
        patch.object(Admission, "caller", side_effect=RuntimeError("a planted defect")),
        patch.object(health, "format_time", side_effect=RuntimeError("a planted defect")),
    ):
        _ask(recorder, operation)


def _inside(recorder: Recorder, operation: Described) -> None:
    """No token, a wrong one, an old one; a sandbox of no name and of another; too much; nowhere."""
    _ask(recorder, operation, headers={"Authorization": None})
    _ask(recorder, operation, headers={"Authorization": "Bearer a.b.c"})
    old = MINT.token("user_456", roles=["admin"], ttl_s=-3600)
    _ask(recorder, operation, headers={"Authorization": f"Bearer {old}"})
    _ask(recorder, operation, headers={"Isa-Sandbox": "not a name"})
    blue = MINT.token("user_456", roles=["admin"], sandbox="blue")
    _ask(recorder, operation, headers={"Authorization": f"Bearer {blue}", "Isa-Sandbox": "green"})
    _ask(recorder, operation, headers={"Content-Length": "99999999999"})
    bare = recorder.path_of(operation).partition("?")[0]
    recorder.send(operation.method, bare, operation.body, of=operation)
    if operation.path_parameters:
        unknown = operation.path.format(**dict.fromkeys(operation.path_parameters, "unknown"))
        for body in (operation.body, operation.misspelt):
            recorder.send(operation.method, unknown, body, of=operation)
        nowhere = operation.path.format(**dict.fromkeys(operation.path_parameters, "a%2Fb%2Fc"))
        recorder.send(operation.method, nowhere, operation.body, of=operation)


def _bodies(recorder: Recorder, operation: Described) -> None:
    """Other media, half of a document, blank space."""
    _ask(recorder, operation, b"amount=1", headers={"Content-Type": "application/x-www-form-urlencoded"})
    _ask(recorder, operation, b'{"amount": ')
    _ask(recorder, operation, b" ")


def _keys(recorder: Recorder, operation: Described) -> None:
    """A key that is none, one in use, one that was used for something else."""
    _ask(recorder, operation, headers={"Idempotency-Key": "clé"})
    in_progress = {"Idempotency-Key": "a", "Isa-Mock-Fault": "idempotency_in_progress"}
    _ask(recorder, operation, headers=in_progress)
    first = next(OPERATIONS[name] for name in FIRST_USES[operation.service] if name != operation.id)
    _ask(recorder, first, headers={"Idempotency-Key": "b"})
    _ask(recorder, operation, operation.misspelt, headers={"Idempotency-Key": "b"})


def _load(recorder: Recorder, operation: Described) -> None:
    """A service that is away, and a rate limit."""
    _ask(recorder, operation, headers={"Isa-Mock-Fault": "status=503; retry_after_s=1"})
    limit = {"effect": "rate_limit", "burst": 0, "per_s": 1.0}
    assert recorder.send("POST", "/_mock/faults", limit).status == 201
    _ask(recorder, operation)


def _full_of_sandboxes(seen: Seen) -> Recorder:
    recorder = Recorder(seen)
    there_are = len(recorder.ids["name"]) + 1
    for number in range(there_are, MAX_SANDBOXES + 1):
        recorder.made.runtime.make_sandbox(SandboxStart(f"s{number}"))
    return recorder
