"""The call that everything is measured with: Create Payment Intent."""

from __future__ import annotations

import json
from typing import Any, Final

PATH: Final = "/api/v1/payments/intent"
TOKEN: Final = "user_456"

CREATE: Final[dict[str, Any]] = {
    "amount": 2999,
    "currency": "usd",
    "description": "Pro Plan - Monthly",
    "metadata": {"product_id": "prod_123", "user_id": "user_456"},
}
"""The page's own example."""

BODY: Final = json.dumps(CREATE, separators=(",", ":")).encode()


def headers() -> dict[str, str]:
    """What a caller without the SDK sends beside the body."""
    return {"authorization": f"Bearer {TOKEN}"}
