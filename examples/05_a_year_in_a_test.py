"""A subscription renews twelve times in one test: no ports, no waiting. Needs `isa-user[mockserver]`."""

from isa_mockserver.testing import MockServer
from isa_user import SyncIsaUser

with MockServer(clock="2024-01-28T00:00:00Z") as server:
    isa = server.client(SyncIsaUser, user="user_1")
    isa.subscriptions.create_subscription(plan_id="plan_pro_monthly", payment_method_id="pm_card_visa")
    server.clock.advance(days=366)

    renewals = [row for row in isa.payments.get_history() if row.type == "subscription"]
    print(f"{len(renewals)} charges, {sum(row.amount for row in renewals)} cents")
    print(f"until {isa.subscriptions.get_subscription().current_period_end:%Y-%m-%d}")
