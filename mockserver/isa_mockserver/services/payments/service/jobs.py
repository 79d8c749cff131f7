"""The due work of payments, by kind of job (rules CK-1)."""

from __future__ import annotations

from collections.abc import Mapping

from isa_mockserver.kernel.unit import Unit
from isa_mockserver.kernel.world import JobHandler
from isa_mockserver.services.payments.model.intent import INTENTS

from .chain import expire_crypto_payment
from .later import expire_authentication, expire_capture, settle_debit
from .refunds import settle_refund


def settle(unit: Unit, subject_id: str) -> None:
    """The job `settlement`: of a bank debit or of a refund, by what the id names."""
    if unit.get(INTENTS, subject_id):
        settle_debit(unit, subject_id)
    else:
        settle_refund(unit, subject_id)


JOBS: Mapping[str, JobHandler] = {
    "settlement": settle,
    "authentication_expiry": expire_authentication,
    "capture_expiry": expire_capture,
    "crypto_expiry": expire_crypto_payment,
}
"""Kind of job -> its handler."""
