"""Invoices from draft to paid, void or given up (rules 4.1)."""

from __future__ import annotations

from datetime import UTC, date, datetime

from isa_user import (
    CardDeclinedError,
    ConflictError,
    InsufficientFundsError,
    Invoice,
    InvoiceItemParam,
    NotFoundError,
    PermissionDeniedError,
)

from .colours import Cast, everything, story
from .failures import fails

CALLS: InvoiceItemParam = {"description": "API Usage - January", "quantity": 10000, "unit_price": 1}
HELP: InvoiceItemParam = {"description": "Support", "quantity": 2, "unit_price": 2999}
FINALIZED = "A finalised invoice does not change; void it and make a new one."
VOIDED = "Make a new invoice; a void one stays void."


async def _invoice(cast: Cast, *, draft: bool = False) -> Invoice:
    return await cast.billing().create_invoice(
        customer_id="user_1", items=[CALLS], due_date="2024-02-15", auto_finalize=not draft
    )


@story
async def test_bl6_a_draft_is_changed_then_finalised_and_has_its_number_from_there(cast: Cast) -> None:
    client = cast.billing()
    draft = await _invoice(cast, draft=True)
    assert (draft.status, draft.number, draft.finalized_at) == ("draft", None, None)
    with fails(ConflictError, 409, "invoice_not_open", says="Finalise the draft first (finalize_invoice)."):
        await client.pay_invoice(draft.invoice_id, payment_method_id="pm_card_visa")
    changed = await client.update_invoice(
        draft.invoice_id, items=[CALLS, HELP], due_date=date(2024, 3, 1), metadata={"po": "7"}
    )
    assert [item.amount for item in changed.items] == [10000, 5998]
    assert (changed.total, changed.due_date, changed.metadata) == (15998, date(2024, 3, 1), {"po": "7"})
    final = await client.finalize_invoice(draft.invoice_id)
    assert (final.status, final.number, final.amount_due) == ("open", "INV-2024-000001", 15998)
    assert final.finalized_at == datetime(2024, 1, 28, tzinfo=UTC)
    assert await client.get_invoice(draft.invoice_id) == final
    with fails(ConflictError, 409, "invoice_finalized", says=FINALIZED):
        await client.update_invoice(draft.invoice_id, items=[HELP])
    with fails(ConflictError, 409, "invoice_finalized", says=FINALIZED):
        await client.delete_invoice(draft.invoice_id)
    noted = await client.update_invoice(draft.invoice_id, metadata={"po": "8"})
    assert (noted.metadata, noted.total) == ({"po": "8"}, 15998)


@story
async def test_4_1_a_deleted_draft_is_gone_and_uses_up_no_number(cast: Cast) -> None:
    client = cast.billing()
    draft = await _invoice(cast, draft=True)
    assert await client.delete_invoice(draft.invoice_id) is None  # type: ignore[func-returns-value]
    says = "Check the id, whose token is used, and that the base URL is the right service."
    with fails(NotFoundError, 404, "invoice_not_found", says=says):
        await client.get_invoice(draft.invoice_id)
    assert (await _invoice(cast)).number == "INV-2024-000001"
    assert await everything(client.get_invoices(status="draft")) == []


@story
async def test_bl9_an_invoice_is_paid_once_after_a_decline(cast: Cast) -> None:
    client = cast.billing()
    invoice = await _invoice(cast)
    with fails(
        CardDeclinedError,
        402,
        "card_declined",
        decline_code="generic_decline",
        says="Ask for another payment method.",
    ):
        await client.pay_invoice(invoice.invoice_id, payment_method_id="pm_card_chargeDeclined")
    tried = await client.get_invoice(invoice.invoice_id)
    assert (tried.status, tried.attempt_count, tried.amount_remaining) == ("open", 1, 10000)
    paid = await client.pay_invoice(invoice.invoice_id, payment_method_id="pm_card_visa")
    assert (paid.status, paid.amount_paid, paid.amount_remaining) == ("paid", 10000, 0)
    assert paid.paid_at == datetime(2024, 1, 28, tzinfo=UTC)
    with fails(
        ConflictError,
        409,
        "invoice_already_paid",
        says="Nothing has to be done; to give money back, refund its payment.",
    ):
        await client.pay_invoice(invoice.invoice_id, payment_method_id="pm_card_visa")
    assert cast.server.ledger.balance("platform:revenue:invoices", "usd") == 10000
    assert paid.payment_intent_id is not None
    await cast.payments().refund(paid.payment_intent_id, amount=4000)
    refunded = await client.get_invoice(invoice.invoice_id)
    assert (refunded.status, refunded.amount_refunded) == ("paid", 4000)


@story
async def test_bl9_an_invoice_is_paid_from_the_wallet_when_there_is_enough_in_it(cast: Cast) -> None:
    client = cast.billing()
    invoice = await _invoice(cast)
    says = "Add funds (WalletClient.deposit), then call again."
    with fails(InsufficientFundsError, 402, "insufficient_funds", says=says):
        await client.pay_invoice(invoice.invoice_id, payment_method_id="pm_wallet")
    await cast.wallets().deposit(amount=12000, currency="usd", payment_method_id="pm_card_visa")
    paid = await client.pay_invoice(invoice.invoice_id, payment_method_id="pm_wallet")
    assert paid.status == "paid"
    assert (await cast.wallets().get_balance()).balances["usd"] == 2000


@story
async def test_4_1_an_invoice_that_needs_authentication_stays_open_until_it_is_passed(cast: Cast) -> None:
    client = cast.billing()
    invoice = await _invoice(cast)
    waiting = await client.pay_invoice(invoice.invoice_id, payment_method_id="pm_card_authenticationRequired")
    assert (waiting.status, waiting.response.status) == ("open", 202)
    assert waiting.latest_payment_intent is not None
    assert waiting.latest_payment_intent.status == "requires_action"
    cast.authenticate(waiting.latest_payment_intent.payment_intent_id)
    assert (await client.get_invoice(invoice.invoice_id)).status == "paid"
    assert cast.server.events.types()[-2:] == ["payment.succeeded", "invoice.paid"]


@story
async def test_bl10_a_void_invoice_keeps_its_number_and_is_over(cast: Cast) -> None:
    client = cast.billing()
    invoice = await _invoice(cast)
    void = await client.void_invoice(invoice.invoice_id)
    assert (void.status, void.number, void.items) == ("void", "INV-2024-000001", invoice.items)
    assert void.voided_at == datetime(2024, 1, 28, tzinfo=UTC)
    with fails(ConflictError, 409, "invoice_voided", says=VOIDED):
        await client.pay_invoice(invoice.invoice_id, payment_method_id="pm_card_visa")
    assert (await _invoice(cast)).number == "INV-2024-000002"


@story
async def test_4_1_an_invoice_that_was_given_up_can_still_be_paid(cast: Cast) -> None:
    client = cast.billing()
    invoice = await _invoice(cast)
    given_up = await client.mark_uncollectible(invoice.invoice_id)
    assert given_up.status == "uncollectible"
    paid = await client.pay_invoice(invoice.invoice_id, payment_method_id="pm_card_visa")
    assert (paid.status, paid.amount_paid) == ("paid", 10000)
    assert "invoice.marked_uncollectible" in cast.server.events.types()


@story
async def test_bl8_what_the_system_issued_is_voided_by_an_admin_only(cast: Cast) -> None:
    await cast.subscriptions().create_subscription(plan_id="plan_pro_monthly")
    [invoice] = await everything(cast.billing().get_invoices())
    says = "Use the right user's token, or one with the role that the message names."
    with fails(PermissionDeniedError, 403, "permission_denied", says=says):
        await cast.billing().void_invoice(invoice.invoice_id)
    admin = cast.billing("boss", roles=["admin"])
    [seen] = await everything(admin.get_invoices(customer_id="user_1"))
    assert seen.invoice_id == invoice.invoice_id
    with fails(
        PermissionDeniedError,
        403,
        "permission_denied",
        says=says,
        param="customer_id",
    ):
        await everything(cast.billing("user_2").get_invoices(customer_id="user_1"))


@story
async def test_bl7_overdue_is_told_from_the_day_after_the_due_date(cast: Cast) -> None:
    client = cast.billing()
    invoice = await _invoice(cast)
    cast.server.clock.set("2024-02-15T23:59:59Z")
    assert not (await client.get_invoice(invoice.invoice_id)).overdue
    cast.server.clock.set("2024-02-16T00:00:00Z")
    overdue = await client.get_invoice(invoice.invoice_id)
    assert (overdue.overdue, overdue.status) == (True, "open")
    assert cast.server.events.types()[-1] == "invoice.overdue"
