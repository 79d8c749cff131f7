"""Credits: buy, hold while a job runs, use, give back, expire. Needs no running server."""

from isa_mockserver.testing import MockServer
from isa_user import InsufficientCreditsError, SyncCreditClient


def render(client: SyncCreditClient, most: int, cost: int | None) -> str:
    """Holds the most that a job can cost; takes what it did cost, or nothing where it failed."""
    held = client.reserve(amount=most, reason="video_render", ttl_seconds=3600)
    if cost is None:
        return client.release_reservation(held.reservation_id).status
    done = client.commit_reservation(held.reservation_id, amount=cost)
    return f"{done.status} {done.committed_amount} of {most}"


with MockServer(clock="2024-01-28T10:00:00Z") as server:
    client = server.client(SyncCreditClient, user="user_1")
    bought = client.purchase(package="credits_1000", payment_method_id="pm_card_visa")
    print(f"bought {bought.credits} for {bought.amount} cents, until {bought.expires_at:%Y-%m-%d}")

    print(f"a job: {render(client, most=100, cost=60)}")
    print(f"a job that failed: {render(client, most=100, cost=None)}")

    used = client.consume(amount=40, reason="api_premium_feature", metadata={"feature": "image"})
    client.refund_consumption(used.consumption_id, amount=15)
    try:
        client.consume(amount=5000, reason="too_much")
    except InsufficientCreditsError as error:
        print(f"refused: {error.context['shortfall']} credits short")

    # A gift that expires sooner is used before what was bought.
    gift = {"user": "user_1", "amount": 50, "expires_at": "2024-02-10T00:00:00Z"}
    server.request("POST", "/_mock/grants", json_body=gift)
    used = client.consume(amount=20, reason="api_premium_feature")
    print(f"taken from {len(used.allocations)} grant: {used.allocations[0].amount}")

    server.clock.set("2024-02-10T00:00:00Z")
    for row in client.get_transactions():
        print(f"{row.created_at:%Y-%m-%d} {row.type:<8} {row.amount:>+5} -> {row.balance_after.available}")
    print(f"left: {client.get_balance().available_credits}")
