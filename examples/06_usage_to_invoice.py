"""A meter that becomes an invoice: usage beyond the plan, billed at the renewal. Needs no running server."""

from isa_mockserver.testing import MockServer
from isa_user import SyncIsaUser

with MockServer(clock="2024-01-01T00:00:00Z") as server:
    isa = server.client(SyncIsaUser, user="user_1")
    isa.subscriptions.create_subscription(plan_id="plan_pro_monthly", payment_method_id="pm_card_visa")

    # A batch a day, with ids of ours: sent twice, counted once.
    for day in range(30):
        for _ in range(2):
            isa.billing.record_usage(metric="api_calls", quantity=2000, event_id=f"day-{day}")
        server.clock.advance(days=1)

    quota = isa.billing.get_quota(metric="api_calls")
    print(f"used {quota.used} of {quota.limit}, may go on: {quota.allowed}")
    warnings = [event.type for event in server.events.all() if event.type.startswith("usage.")]
    print(f"told by webhook: {', '.join(warnings)}")

    server.clock.set("2024-02-01T01:00:00Z")  # the renewal, and the hour after which it is charged
    invoice = isa.billing.get_invoices(limit=1).data[0]
    for line in invoice.items:
        print(f"{line.description}: {line.quantity} x {line.unit_price} = {line.amount} cents")
    print(f"{invoice.number}: {invoice.status}, {invoice.total} cents")
