"""What the examples of refusals say: a sentence for each code, and the facts that some carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TEXT = """
malformed_request: This is not an HTTP/1.1 request.
malformed_json: The body is not valid JSON: Expecting value at line 1, column 12.
body_required: A JSON object is required as the body.
authentication_required: Send the header 'Authorization: Bearer <token>'.
invalid_token: The token is not a JWT signed with the key of this server.
token_expired: The token has expired; send a fresh one.
card_declined: The card was declined: insufficient funds.
expired_card: The card has expired.
incorrect_cvc: The card's security code is wrong.
processing_error: The issuer could not process the payment; try again.
authentication_failed: The customer did not pass authentication.
incorrect_number: The card's number is wrong.
insufficient_funds: The wallet holds 500 usd; 1000 are needed.
insufficient_credits: 450 credits are available; 500 are needed.
permission_denied: The token is for the sandbox 'blue'; the header names another one.
customer_mismatch: You can only make invoices for yourself.
forbidden_host: The control API does not answer to pages of other sites.
payment_intent_not_found: There is no such payment intent.
payment_method_not_found: There is no such payment method; use a test token such as pm_card_visa.
refund_not_found: There is no such refund.
crypto_payment_not_found: There is no such crypto payment.
recipient_not_found: No such recipient is known.
invoice_not_found: There is no such invoice.
plan_not_found: There is no plan 'plan_gold'; use one of plan_free, plan_pro_monthly.
subscription_not_found: You have no subscription.
package_not_found: There is no package 'credits_7'; choose one of credits_100, credits_500.
reservation_not_found: There is no such reservation.
consumption_not_found: There is no such consumption.
webhook_endpoint_not_found: There is no such webhook endpoint.
user_not_found: No user 'user_999' is known.
snapshot_not_found: There is no such snapshot.
route_not_found: There is no such path on this service.
usage_record_not_found: There is no such usage record to correct.
event_not_found: There is no such event.
grant_not_found: There is no such grant.
sandbox_not_found: There is no such sandbox to delete.
fault_not_found: There is no such fault.
method_not_allowed: Only GET, POST is allowed here.
body_too_large: The body is larger than this endpoint takes.
unsupported_media_type: Send the body as JSON, with Content-Type: application/json.
headers_too_large: The headers are larger than 65536 bytes.
payment_intent_unexpected_state: The payment intent is succeeded; this cannot be done to it.
crypto_payment_unexpected_state: The crypto payment is confirmed; this cannot be done to it.
payment_not_refundable: The payment is requires_payment_method; only a succeeded one can be refunded.
charge_already_refunded: Nothing of this payment is left to refund.
refund_window_expired: A payment can be refunded for 180 days after its success.
too_many_attempts: An intent takes 10 attempts at most; create a new one.
wallet_frozen: A frozen wallet takes no part in transfers.
invoice_not_open: The invoice is draft; only an open one can be paid.
invoice_finalized: The invoice is final; only a draft can be changed.
invoice_already_paid: The invoice is paid.
invoice_voided: The invoice is void.
usage_event_conflict: This event_id was used for other usage; an event is recorded once.
subscription_exists: You have a subscription already; change or cancel it.
subscription_not_active: The subscription is canceled.
subscription_past_due: The subscription is past_due; pay the open invoice first.
already_on_plan: You are on Pro Monthly already.
trial_already_used: You had a trial before; subscribe without one.
subscription_not_scheduled_to_cancel: The subscription goes on anyway; there is nothing to resume.
reservation_already_committed: The reservation is committed.
reservation_already_released: The reservation is released.
reservation_expired: The reservation is expired.
credits_already_consumed: The refund takes 250 credits back, but only 40 of this purchase are left.
sandbox_exists: There is a sandbox 'blue' already.
idempotency_in_progress: The first request with this Idempotency-Key still runs.
idempotency_key_reused: This Idempotency-Key was used for another request; use a new key for new work.
missing_field: 'plan_id' is required.
invalid_type: 'metadata' must be an object.
invalid_amount: 'amount' must be an integer, in minor units: 2999 is $29.99.
amount_too_small: The smallest charge in usd is 50 minor units.
amount_too_large: The amount must be at most 99999999 minor units.
amount_overflow: The result passes 9007199254740991; nothing was stored.
unsupported_currency: Currency 'xyz' is not supported; use one of aud, eur, usd.
currency_mismatch: The amount is in eur, the wallet in usd.
currency_not_supported_for_operation: Credits are no money of the wallet; buy them as a package.
unsupported_blockchain: This blockchain is not supported; use one of ethereum, polygon, solana.
unsupported_currency_for_blockchain: btc is paid on bitcoin.
invalid_wallet_address: This is not an address on ethereum; give the payer's own address there.
payment_method_required: Give a payment_method_id; no payment method of yours is on file.
refund_exceeds_remaining: At most 1000 minor units of this payment can still be refunded.
self_transfer_not_allowed: Money cannot be transferred to oneself.
invoice_items_required: 'items' needs at least one line.
invalid_due_date: 'due_date' must be a calendar date such as 2024-02-15.
unknown_metric: There is no metric 'clicks'; use one of api_calls, tokens.
invalid_quantity: 'quantity' must be from 1 to 1000000000, negative in a correction.
invalid_timestamp: 'timestamp' must be an RFC 3339 time with a zone, such as 2024-01-28T10:00:00Z.
timestamp_in_future: The timestamp is more than 5 minutes ahead of 2024-01-28T10:00:00Z.
timestamp_too_old: Usage before 2023-01-28T10:00:00Z is refused.
exceeds_reservation: The reservation holds 50 credits.
invalid_metadata: 'metadata' must be an object of at most 50 keys.
invalid_cursor: This cursor does not belong to this list with these filters; start again without a cursor.
invalid_limit: 'limit' must be less than or equal to 100.
unknown_event_type: 'type' is not an event type of the catalogue.
invalid_idempotency_key: An Idempotency-Key is 1 to 255 printable ASCII characters.
invalid_value: 'status' must be 'draft', 'open' or 'paid'.
too_long: 'description' must be at most 500 characters.
clock_backwards: The clock stands at 2024-01-28T10:00:00Z and only moves forward.
clock_step_too_large: One step moves the clock by 731 days at most.
unknown_field: Unknown field 'ammount'.
rate_limited: You ask more often than the rate limit allows.
too_many_sandboxes: There are 1000 sandboxes already; delete some with DELETE /_mock/sandboxes.
internal_error: The server failed; this is a defect of the server.
service_unavailable: The service is not available for the moment; try again.
"""

DETAILS: Mapping[str, str] = {
    code.strip(): detail.strip()
    for code, detail in (line.split(":", 1) for line in _TEXT.strip().splitlines())
}
"""Stable code -> a sentence that a refusal with it says."""

_DECLINED = {"payment_intent_id": "pi_abc123"}

FACTS: Mapping[str, Mapping[str, Any]] = {
    "card_declined": {"decline_code": "insufficient_funds", "context": _DECLINED},
    "expired_card": {"context": _DECLINED},
    "incorrect_cvc": {"context": _DECLINED},
    "processing_error": {"context": _DECLINED},
    "insufficient_funds": {"context": {"available": 500, "required": 1000, "shortfall": 500}},
    "insufficient_credits": {"context": {"available": 450, "required": 500, "shortfall": 50}},
    "customer_mismatch": {"param": "customer_id"},
    "payment_method_not_found": {"param": "payment_method_id"},
    "recipient_not_found": {"param": "to_user_id"},
    "plan_not_found": {"param": "plan_id", "context": {"plans": ["plan_free", "plan_pro_monthly"]}},
    "package_not_found": {"param": "package", "context": {"packages": ["credits_100", "credits_500"]}},
    "usage_record_not_found": {"param": "corrects"},
    "payment_intent_unexpected_state": {"context": {"status": "succeeded"}},
    "crypto_payment_unexpected_state": {"context": {"status": "confirmed"}},
    "payment_not_refundable": {"context": {"status": "requires_payment_method"}},
    "invoice_not_open": {"context": {"status": "draft"}},
    "invoice_finalized": {"context": {"status": "open"}},
    "invoice_already_paid": {"context": {"status": "paid"}},
    "invoice_voided": {"context": {"status": "void"}},
    "usage_event_conflict": {"param": "event_id"},
    "subscription_exists": {"context": {"subscription_id": "sub_123", "status": "active"}},
    "subscription_not_active": {"context": {"subscription_id": "sub_123", "status": "canceled"}},
    "subscription_past_due": {"context": {"subscription_id": "sub_123", "status": "past_due"}},
    "already_on_plan": {"param": "new_plan_id"},
    "trial_already_used": {"param": "trial_days"},
    "credits_already_consumed": {"context": {"required": 250, "available": 40}},
    "sandbox_exists": {"param": "name"},
    "idempotency_key_reused": {"param": "Idempotency-Key"},
    "invalid_idempotency_key": {"param": "Idempotency-Key"},
    "missing_field": {"param": "plan_id"},
    "invalid_type": {"param": "metadata"},
    "invalid_amount": {"param": "amount"},
    "amount_too_small": {"param": "amount", "context": {"minimum": 50}},
    "amount_too_large": {"param": "amount", "context": {"maximum": 99_999_999}},
    "amount_overflow": {"param": "amount"},
    "unsupported_currency": {"param": "currency"},
    "currency_mismatch": {"param": "currency"},
    "currency_not_supported_for_operation": {"param": "currency"},
    "unsupported_blockchain": {"param": "blockchain"},
    "unsupported_currency_for_blockchain": {"param": "blockchain"},
    "invalid_wallet_address": {"param": "wallet_address"},
    "payment_method_required": {"param": "payment_method_id"},
    "refund_exceeds_remaining": {"param": "amount", "context": {"remaining": 1000}},
    "self_transfer_not_allowed": {"param": "to_user_id"},
    "invoice_items_required": {"param": "items"},
    "invalid_due_date": {"param": "due_date"},
    "unknown_metric": {"param": "metric"},
    "invalid_quantity": {"param": "quantity"},
    "invalid_timestamp": {"param": "timestamp"},
    "timestamp_in_future": {"param": "timestamp"},
    "timestamp_too_old": {"param": "timestamp"},
    "exceeds_reservation": {"param": "amount", "context": {"held": 50, "required": 60}},
    "invalid_metadata": {"param": "metadata"},
    "invalid_cursor": {"param": "cursor"},
    "invalid_limit": {"param": "limit"},
    "unknown_event_type": {"param": "type"},
    "invalid_value": {"param": "status"},
    "too_long": {"param": "description"},
    "clock_backwards": {"param": "to"},
    "clock_step_too_large": {"param": "advance"},
    "unknown_field": {"param": "ammount"},
}
"""Stable code -> the param, decline code and context that belong to its sentence."""
