"""DATA: the ids and queries in the commands of the reference; bodies are the OpenAPI documents' own."""

from __future__ import annotations

from collections.abc import Mapping

QUERIES: Mapping[tuple[str, str], str] = {
    ("billing", "get_usage"): "metric=api_calls&window=day",
    ("billing", "get_quota"): "metric=api_calls",
}
"""(service, operation) -> the query of a read that needs one."""

IDS: Mapping[str, str] = {
    "payment_intent_id": "pi_abc123",
    "refund_id": "re_abc123",
    "crypto_payment_id": "cp_abc123",
    "invoice_id": "in_abc123",
    "consumption_id": "con_abc123",
    "reservation_id": "res_abc123",
}
"""Path parameter -> what stands for it in a command."""
