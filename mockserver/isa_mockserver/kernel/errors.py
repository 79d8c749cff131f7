"""Domain errors: one exception class and one table of stable codes (rules 8.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Failure(NamedTuple):
    """One failed check of a request: the parameter, the stable code and a sentence for people."""

    param: str | None
    code: str
    detail: str


_CODES_BY_ANSWER: Mapping[tuple[int, str], str] = {
    (400, "invalid_request_error"): "malformed_request malformed_json body_required",
    (401, "authentication_error"): "authentication_required invalid_token token_expired",
    (402, "card_error"): (
        "card_declined expired_card incorrect_cvc processing_error authentication_failed incorrect_number"
    ),
    (402, "balance_error"): "insufficient_funds insufficient_credits",
    (403, "permission_error"): "permission_denied customer_mismatch forbidden_host",
    (404, "not_found_error"): (
        "payment_intent_not_found payment_method_not_found refund_not_found crypto_payment_not_found "
        "recipient_not_found invoice_not_found plan_not_found subscription_not_found package_not_found "
        "reservation_not_found consumption_not_found webhook_endpoint_not_found user_not_found "
        "snapshot_not_found route_not_found usage_record_not_found event_not_found grant_not_found "
        "sandbox_not_found fault_not_found"
    ),
    (405, "invalid_request_error"): "method_not_allowed",
    (413, "invalid_request_error"): "body_too_large",
    (415, "invalid_request_error"): "unsupported_media_type",
    (431, "invalid_request_error"): "headers_too_large",
    (409, "conflict_error"): (
        "payment_intent_unexpected_state crypto_payment_unexpected_state payment_not_refundable "
        "charge_already_refunded refund_window_expired too_many_attempts wallet_frozen invoice_not_open "
        "invoice_finalized invoice_already_paid invoice_voided usage_event_conflict subscription_exists "
        "subscription_not_active subscription_past_due already_on_plan trial_already_used "
        "subscription_not_scheduled_to_cancel reservation_already_committed reservation_already_released "
        "reservation_expired credits_already_consumed sandbox_exists"
    ),
    (409, "idempotency_error"): "idempotency_in_progress",
    (422, "idempotency_error"): "idempotency_key_reused",
    (422, "validation_error"): (
        "missing_field invalid_type invalid_amount amount_too_small amount_too_large amount_overflow "
        "unsupported_currency currency_mismatch currency_not_supported_for_operation "
        "unsupported_blockchain unsupported_currency_for_blockchain invalid_wallet_address "
        "payment_method_required refund_exceeds_remaining self_transfer_not_allowed "
        "invoice_items_required invalid_due_date unknown_metric invalid_quantity invalid_timestamp "
        "timestamp_in_future timestamp_too_old exceeds_reservation invalid_metadata invalid_cursor "
        "invalid_limit unknown_event_type invalid_idempotency_key invalid_value too_long "
        "clock_backwards clock_step_too_large unknown_field"
    ),
    (429, "rate_limit_error"): "rate_limited too_many_sandboxes",
    (500, "api_error"): "internal_error",
    (503, "api_error"): "service_unavailable",
}

CODES: Mapping[str, tuple[int, str]] = {
    code: answer for answer, codes in _CODES_BY_ANSWER.items() for code in codes.split()
}
"""Stable code -> (HTTP status, problem kind)."""


class DomainError(Exception):
    """A refusal with a stable code; its status and kind follow from the code (rules 8.3).

    Raised, it rolls the Unit back. Returned by a handler, it is an outcome that commits, such as a
    decline (rules P2).
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        param: str | None = None,
        decline_code: str | None = None,
        context: Mapping[str, Any] | None = None,
        failures: Sequence[Failure] = (),
        headers: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(code, detail)
        self.status, self.kind = CODES[code]
        self.code = code
        self.detail = detail
        self.param = param
        self.decline_code = decline_code
        self.context = dict(context) if context else None
        self.failures = tuple(failures)
        self.headers = tuple(headers)

    def __str__(self) -> str:
        return f"{self.detail} ({self.code})"

    @classmethod
    def of_failures(cls, failures: Sequence[Failure]) -> DomainError:
        """One error that lists every failed check; its code and param are those of the first."""
        first = failures[0]
        return cls(first.code, first.detail, param=first.param, failures=failures)
