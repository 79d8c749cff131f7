"""A year in a second: renewals, a card that fails, a rescue, an upgrade, an end. Needs no running server."""

from isa_mockserver.testing import MockServer
from isa_user import SyncIsaUser


def show(server: MockServer, isa: SyncIsaUser, what: str) -> None:
    """One line: the day, what happened, and where the subscription stands."""
    now = isa.subscriptions.get_subscription()
    until = f"{now.current_period_end:%Y-%m-%d}"
    print(f"{server.clock.now():%Y-%m-%d}  {what:<22} {now.plan.name}, {now.status} until {until}")


with MockServer(clock="2024-01-31T09:00:00Z") as server:
    isa = server.client(SyncIsaUser, user="user_1")
    isa.subscriptions.create_subscription(
        plan_id="plan_pro_monthly", payment_method_id="pm_card_chargeCustomerFail"
    )
    show(server, isa, "subscribed")

    server.clock.set("2024-03-01T09:00:00Z")
    show(server, isa, "the renewal failed")
    debt = isa.billing.get_invoices(status="open").data[0]
    isa.billing.pay_invoice(debt.invoice_id, payment_method_id="pm_card_visa")
    show(server, isa, "paid with another card")

    server.clock.set("2024-06-15T09:00:00Z")
    show(server, isa, "renewed all by itself")

    due = isa.subscriptions.preview_change(new_plan_id="plan_enterprise_annual").amount_due
    isa.subscriptions.change_plan(new_plan_id="plan_enterprise_annual")
    show(server, isa, f"upgraded for {due / 100:,.2f}")

    isa.subscriptions.cancel_subscription(reason="closing down")
    server.clock.set("2025-06-15T09:00:00Z")
    show(server, isa, "ended as asked")

    charges = [row for row in isa.payments.get_history(status="succeeded") if row.type == "subscription"]
    failed = sum(event.type == "payment.failed" for event in server.events.all())
    print(f"{len(charges)} charges, {sum(row.amount_received for row in charges)} cents, {failed} failed")
