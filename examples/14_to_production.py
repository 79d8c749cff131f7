"""From the local server to a deployment: the same function, other settings. Sync.

python 14_to_production.py                                            # the local server
ISA_USER_BASE_URL=https://pay.example.com python 14_to_production.py  # a deployment
"""

import logging
import os

from isa_user import IsaError, OutcomeUnknownError, SyncIsaUser

logging.basicConfig(format="%(message)s")
logging.getLogger("isa_user").setLevel(logging.WARNING)  # INFO: one line a call, without any secret


def fetch_token() -> str:
    """Asked when a token is needed, and once more on a 401; here would be your identity provider."""
    return os.environ.get("PLATFORM_TOKEN", "user_456")


def client() -> SyncIsaUser:
    """What a deployment needs beyond its URL.

    Writes are repeated only where it honours keys; who knows so sets ISA_USER_IDEMPOTENT_SERVER=1.
    """
    return SyncIsaUser(token=fetch_token, timeout=10, deadline=25)


def top_up(isa: SyncIsaUser, order: str, amount: int) -> str:
    """The order's number, stored before the call, is the key: after a crash it charges nothing twice."""
    key = f"top-up-{order}"
    try:
        done = isa.wallets.deposit(
            amount=amount, currency="usd", payment_method_id="pm_card_visa", idempotency_key=key
        )
    except OutcomeUnknownError as error:
        return f"in doubt: look at the statement, or repeat with {error.idempotency_key}"
    except IsaError as error:
        return f"refused: {error} (request {error.request_id})"
    return f"{done.status}: {done.amount} cents, attempts: {done.response.attempts}"


with client() as isa:
    print(top_up(isa, "4711", 5000))
