"""What the services are called, and the ports that the published page gives them."""

from __future__ import annotations

from collections.abc import Mapping

GATEWAY = "gateway"
GATEWAY_PORT = 8200

SERVICE_NAMES: Mapping[str, str] = {
    "payments": "payment_service",
    "wallets": "wallet_service",
    "billing": "billing_service",
    "subscriptions": "subscription_service",
    "credits": "credit_service",
}
"""Service -> its name on the published page."""

DOCUMENTED_PORTS: Mapping[str, int] = {
    "payments": 8207,
    "wallets": 8208,
    "billing": 8216,
    "subscriptions": 8228,
    "credits": 8229,
}
"""Service -> the port of the published page."""
