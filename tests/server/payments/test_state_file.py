"""Payments survive a state file: every kind of row, and the work that is still due."""

from __future__ import annotations

import json

from isa_mockserver.kernel.state import dump, load
from isa_mockserver.services.payments.service import chain
from tests.server.payments.desk import Desk


def test_every_row_and_job_comes_back_as_it_was(desk: Desk) -> None:
    desk.paid("pm_card_chargeDeclined")
    desk.refund(desk.paid("pm_card_pendingRefund").id, 1000, "duplicate")
    debit = desk.paid("pm_bank_success")
    payment = desk.pay_crypto(100)
    desk.run(chain.add_transaction, payment.id, tx_hash="0xaa", amount=60)
    document = json.loads(json.dumps(dump(desk.world)))
    twin = Desk()
    load(twin.world, document)
    for name, table in desk.world.tables.items():
        assert twin.world.tables[name].rows == table.rows, name
        assert table.rows, name
    twin.advance(days=3)
    assert twin.intent(debit.id).status == "succeeded"
    assert twin.crypto(payment.id).status == "underpaid"
    assert twin.events()[-1] == "payment.succeeded"
