"""DATA: what the developer can do about an error, by what is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["advice"]


def advice(
    class_names: Sequence[str],
    code: str | None,
    decline_code: str | None,
    idempotency_key: str | None,
    *,
    own_key: bool,
) -> str:
    """One to three sentences; ``class_names`` from the error's class up to its root.

    A key with which a write in doubt can be resumed comes first, then what the issuer or the service said,
    then the class. ``own_key`` tells that the caller chose the key: only then a next try needs another.
    """
    if idempotency_key is not None:
        for name in class_names:
            if name in BY_CLASS_WITH_KEY:
                return BY_CLASS_WITH_KEY[name].format(key=idempotency_key)
    by_reason = BY_DECLINE_CODE.get(decline_code or "") or BY_CODE.get(code or "")
    text = by_reason or next(BY_CLASS[name] for name in class_names if name in BY_CLASS)
    return f"{text} {NEW_KEY}" if own_key and "PaymentRequiredError" in class_names else text


NEW_KEY = "The next try needs a new idempotency key: this one is answered with the same again."
"""For a payment that was refused under the caller's own key (rules ID-2)."""

_NEVER_AGAIN = "Do not charge this card again; ask for another payment method."
_NOT_THE_CARD = "Nothing is wrong with the card; try it again in a while."

BY_DECLINE_CODE: Mapping[str, str] = {
    "fraudulent": _NEVER_AGAIN,
    "incorrect_number": _NEVER_AGAIN,
    "lost_card": _NEVER_AGAIN,
    "stolen_card": _NEVER_AGAIN,
}
"""Declines that are final (rules DU-2)."""

BY_CODE: Mapping[str, str] = {
    "already_on_plan": "Nothing has to be done: the subscription has that plan already.",
    "amount_too_small": "Use at least the currency's minimum (context['minimum'], minor units).",
    "authentication_failed": "The customer did not pass authentication; confirm again for another chance.",
    "charge_already_refunded": "Nothing has to be done: all of the money went back already.",
    "credits_already_consumed": "Refund less: some of the credits that were bought have been used.",
    "currency_mismatch": "Use the currency of the object; nothing is converted.",
    "customer_mismatch": "Use the customer's own token, or one with the role admin.",
    "exceeds_reservation": "Commit at most the reserved amount, or reserve more.",
    "expired_card": "Ask for another card or its new expiry date.",
    "invalid_cursor": "Start again from the first page with the same filters.",
    "invoice_already_paid": "Nothing has to be done; to give money back, refund its payment.",
    "invoice_finalized": "A finalised invoice does not change; void it and make a new one.",
    "invoice_not_open": "Finalise the draft first (finalize_invoice).",
    "invoice_voided": "Make a new invoice; a void one stays void.",
    "payment_intent_unexpected_state": "Read the intent and decide by its status; it was not charged again.",
    "package_not_found": "Use the id of a package that get_packages() lists.",
    "payment_method_not_found": "Use the id of a payment method, such as pm_card_visa on the reference "
    "server (its page Test cards lists all); a card's number must never be sent.",
    "payment_method_required": "Pass payment_method_id=; no default method is on file for this user.",
    "payment_not_refundable": "Wait until the payment has succeeded, or cancel it if it has not.",
    "plan_not_found": "Use the id of a plan that get_plans() lists.",
    "processing_error": _NOT_THE_CARD,
    "recipient_not_found": "Check to_user_id; a user is known after the first authenticated call.",
    "refund_exceeds_remaining": "Refund at most what remains (context['remaining'], minor units).",
    "refund_window_expired": "Pay the customer another way; this payment is too old to be refunded.",
    "reservation_already_committed": "Read what was spent (committed_amount); a refund gives it back.",
    "reservation_already_released": "Reserve again; the credits of this one are free.",
    "reservation_expired": "Reserve again, with a longer ttl_seconds where the work takes longer.",
    "route_not_found": "Check the base URL: its port is the service's own, and it ends before /api/v1.",
    "self_transfer_not_allowed": "Pass another user's id as to_user_id.",
    "subscription_exists": "Change the existing subscription (change_plan) or cancel it first.",
    "subscription_not_active": "Read the subscription and decide by its status; an ended one is bought anew.",
    "subscription_not_found": "Create a subscription first; until then the user has the free plan.",
    "subscription_not_scheduled_to_cancel": "Nothing has to be done: no cancellation is pending.",
    "subscription_past_due": "Pay the open invoice first (BillingClient.pay_invoice).",
    "token_expired": "The token has expired: get a new one, or pass token= as a callable that fetches one.",
    "too_many_attempts": "Cancel this intent and create a new one.",
    "trial_already_used": "Subscribe without trial_days; a user has one trial.",
    "usage_event_conflict": "Use a new event_id for new usage; this one belongs to other data.",
    "wallet_frozen": "One of the two wallets is frozen; trying again will not help until it is released.",
}

BY_CLASS: Mapping[str, str] = {
    "IsaError": "",
    "ConfigurationError": "Correct the constructor argument or the ISA_USER_... environment variable.",
    "MissingTokenError": "Pass token= to the call or to the client, or set ISA_USER_TOKEN.",
    "InvalidArgumentError": "Nothing was sent; correct the argument.",
    "ClientClosedError": "Make a new client, or enter this one again: with a client, calls go inside it.",
    "APIConnectionError": "Check that the service is running and that the base URL is right, then try again.",
    "APITimeoutError": "Try again, or give the call more time with timeout= or deadline= (seconds).",
    "APIStatusError": "See code and message for the reason.",
    "BadRequestError": "The request was malformed; nothing was applied.",
    "AuthenticationError": "Get a new token, or pass token= as a callable that fetches one.",
    "PaymentRequiredError": "The payment did not go through; ask the customer for another way to pay.",
    "CardDeclinedError": "Ask for another payment method.",
    "InsufficientFundsError": "Add funds (WalletClient.deposit), then call again.",
    "InsufficientCreditsError": "Buy credits (CreditClient.purchase), then call again.",
    "PermissionDeniedError": "Use the right user's token, or one with the role that the message names.",
    "NotFoundError": "Check the id, whose token is used, and that the base URL is the right service.",
    "ConflictError": "Read the object again and decide by its present status.",
    "IdempotencyInProgressError": "Wait a moment, then call again with the same idempotency_key.",
    "InvalidRequestError": "Nothing was applied; correct what the message names (error.errors has all).",
    "IdempotencyKeyReusedError": "Use a new idempotency key for a new operation.",
    "RateLimitError": "Nothing was applied; wait retry_after seconds, then call again.",
    "ServerError": "Try again later; quote the request id when you report it.",
    "ResponseValidationError": "The server and this isa-user disagree; check base URL and versions.",
    "WebhookVerificationError": "Do not act on it; answer 400. Check the secret, and verify the raw body.",
}
BY_CLASS_WITH_KEY: Mapping[str, str] = {
    "OutcomeUnknownError": "The write may have been applied. Do not repeat it with a new key: call again "
    "with the same arguments and idempotency_key={key!r}, which a server that honours Idempotency-Key "
    "answers with the first result, or look the object up first.",
    "ServerError": "Try again later with the same arguments and idempotency_key={key!r}; quote the "
    "request id when you report it.",
    "ResponseValidationError": "The write may be applied: look the object up before you repeat it, and "
    "repeat it only with idempotency_key={key!r}.",
}
