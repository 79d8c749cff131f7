"""Which call goes on from which: the id that one answers stands in the path of others (OpenAPI links)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from .operation import Operation


@dataclass(frozen=True, slots=True)
class _Way:
    """From the calls of `made_by`, whose answer holds the id `field`, to calls of `leads_to`.

    Calls are `tag_operation`; `parameter` is what the id is called in their paths (None: as the field).
    """

    field: str
    made_by: Sequence[str]
    leads_to: Sequence[str]
    parameter: str | None = None


def _each(tag: str, names: str) -> list[str]:
    return [f"{tag}_{name}" for name in names.split()]


_WAYS: Sequence[_Way] = (
    _Way(
        "payment_intent_id",
        ["payments_create_intent"],
        _each(
            "payments",
            "get_intent confirm_intent update_intent cancel_intent capture_intent refund get_refunds",
        ),
    ),
    _Way("refund_id", ["payments_refund"], ["payments_get_refund"]),
    _Way(
        "crypto_payment_id",
        ["payments_create_crypto_payment"],
        _each("payments", "get_crypto_payment cancel_crypto_payment"),
    ),
    _Way(
        "invoice_id",
        ["billing_create_invoice"],
        _each(
            "billing",
            "get_invoice update_invoice finalize_invoice pay_invoice void_invoice mark_uncollectible "
            "delete_invoice",
        ),
    ),
    _Way("reservation_id", ["credits_reserve"], _each("credits", "commit_reservation release_reservation")),
    _Way("consumption_id", ["credits_consume"], ["credits_refund_consumption"]),
    _Way(
        "payment_intent_id",
        ["payments_create_intent", "wallets_deposit", "credits_purchase"],
        ["control_authenticate_intent"],
        "id",
    ),
    _Way(
        "crypto_payment_id",
        ["payments_create_crypto_payment"],
        _each("control", "add_crypto_transaction add_crypto_confirmations resolve_crypto_payment"),
        "id",
    ),
    _Way(
        "webhook_id",
        ["control_add_webhook"],
        _each("control", "show_webhook change_webhook rotate_webhook_secret remove_webhook"),
        "id",
    ),
    _Way(
        "id", ["control_trigger_event"], _each("control", "show_event list_deliveries redeliver_event"), "id"
    ),
    _Way("fault_id", ["control_add_fault"], ["control_remove_fault"]),
    _Way("name", ["control_make_sandbox"], ["control_drop_sandbox"]),
    _Way(
        "name",
        ["control_take_snapshot"],
        _each("control", "diff_snapshot restore_snapshot fork_snapshot drop_snapshot"),
    ),
)


def links_of(operation: Operation, described: Collection[str]) -> dict[str, Any]:
    """Name -> link of what the operation answers; only to calls that are `described` in the document."""
    return {
        target: {
            "operationId": target,
            "parameters": {way.parameter or way.field: f"$response.body#/{way.field}"},
        }
        for way in _WAYS
        if operation.id in way.made_by
        for target in way.leads_to
        if target in described
    }
