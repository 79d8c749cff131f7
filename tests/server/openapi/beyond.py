"""What a request that fits its schema may still be refused for: rules that JSON Schema cannot say."""

from __future__ import annotations

from collections.abc import Mapping

ANYWHERE = frozenset({"idempotency_key_reused"})
_CHARGE = ("amount_too_small", "invalid_amount")  # the minimum and the step depend on the currency
_LIST = ("invalid_cursor",)  # a cursor belongs to one list with its filters

BEYOND: Mapping[str, tuple[str, ...]] = {
    "payments_create_intent": (*_CHARGE, "payment_method_required", "invalid_value"),
    "payments_confirm_intent": ("payment_method_required",),
    "payments_refund": ("refund_exceeds_remaining",),
    "payments_get_history": _LIST,
    "payments_get_refunds": _LIST,
    "payments_create_crypto_payment": (
        *_CHARGE,
        "unsupported_currency_for_blockchain",
        "invalid_wallet_address",
    ),
    "wallets_deposit": (*_CHARGE, "amount_overflow"),
    "wallets_transfer": ("self_transfer_not_allowed", "amount_overflow"),
    "wallets_get_transactions": _LIST,
    "billing_create_invoice": ("amount_too_large", "amount_overflow"),
    "billing_update_invoice": ("amount_too_large", "amount_overflow"),
    "billing_pay_invoice": (*_CHARGE, "payment_method_required"),
    "billing_get_invoices": _LIST,
    "billing_record_usage": ("invalid_quantity", "timestamp_in_future"),
    "billing_get_usage": ("invalid_value",),  # start must be before end
    "subscriptions_resume_subscription": ("payment_method_required",),
    "credits_commit_reservation": ("exceeds_reservation",),
    "credits_refund_consumption": ("refund_exceeds_remaining",),
    "credits_get_transactions": _LIST,
    "control_move_clock": ("invalid_value", "clock_backwards", "clock_step_too_large"),
    "control_load_state": ("invalid_value",),
    "control_add_webhook": ("invalid_value",),  # a url has more to it than a pattern; there are 16 at most
    "control_redeliver_event": ("invalid_value",),  # a disabled endpoint gets nothing
    "control_add_fault": ("invalid_value", "missing_field"),  # options belong to effects
    "control_take_snapshot": ("invalid_value",),  # there are so many at most
    "control_add_crypto_transaction": ("amount_overflow",),
    "control_make_user": ("invalid_value",),  # what can be printed is more than a pattern
    "control_make_token": ("invalid_value",),
    "control_trigger_event": ("invalid_value",),
    "control_give_credits": ("invalid_value",),  # the expiry must lie ahead
}
"""Operation -> codes that depend on more than the shape of one request."""
