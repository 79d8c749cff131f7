"""Fixtures of the SDK's tests."""

from __future__ import annotations

import pytest


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Async tests run on both event loops."""
    return str(request.param)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TOKEN", "BASE_URL", "IDEMPOTENT_SERVER", "LOG"):
        monkeypatch.delenv(f"ISA_USER_{name}", raising=False)
    for service in ("PAYMENT", "WALLET", "BILLING", "SUBSCRIPTION", "CREDIT"):
        monkeypatch.delenv(f"ISA_USER_{service}_URL", raising=False)
    for proxy in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(proxy, raising=False)
        monkeypatch.delenv(proxy.lower(), raising=False)
