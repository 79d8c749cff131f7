"""For every invariant a way to break it: what the checkers must see (each law proves itself).

A saboteur changes a town that is in order, or slips something into its chronicle that never happened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from isa_mockserver.kernel.ledger import LedgerTransaction, Posting, Reference
from isa_mockserver.services.billing.model.invoice import Invoice
from isa_mockserver.services.ports.invoicing import PaymentRef

from .chronicle import Call, Changed, Commit, Delivered, Listing, Repeat, Windows
from .town import Town

Saboteur = Callable[[Town], None]


def _row(town: Town, table: str, **found: Any) -> Any:
    """The first row with these attributes."""
    return next(
        row for row in town.rows(table) if all(getattr(row, name) == value for name, value in found.items())
    )


def _spoil(town: Town, table: str, row: Any, **changes: Any) -> None:
    town.world.tables[table].rows[row.id] = row._replace(**changes)


def _on(table: str, change: Callable[[Any], Mapping[str, Any]], **found: Any) -> Saboteur:
    """Change the first row of a table that fits."""

    def spoil(town: Town) -> None:
        row = _row(town, table, **found)
        _spoil(town, table, row, **change(row))

    return spoil


def _post(town: Town, *postings: Posting, kind: str = "sabotage") -> LedgerTransaction:
    ledger = town.world.ledger
    number = len(ledger.transactions) + 1
    made = LedgerTransaction(number, town.world.clock.now(), Reference(kind, str(number)), postings)
    ledger.transactions.append(made)
    return made


def _commit(town: Town, table: str, old: Any, new: Any) -> None:
    """Say that a row was changed so in the last step."""
    now = {name: dict(table.rows) for name, table in town.world.tables.items()}
    before, after = dict(now[table]), dict(now[table])
    for rows, row in ((before, old), (after, new)):
        if row is None:
            rows.pop((old or new).id, None)
        else:
            rows[row.id] = row
    town.chronicle.commits.append(Commit({**now, table: before}, {**now, table: after}))


def _moved(table: str, before: str, after: str) -> Saboteur:
    """Say that a row moved from one status to another."""

    def move(town: Town) -> None:
        row = town.rows(table)[0]
        _commit(town, table, row._replace(status=before), row._replace(status=after))

    return move


def _called(**fields: Any) -> Saboteur:
    """Say that somebody called and was answered so."""
    call = Call(
        **{"method": "GET", "path": "/x", "user": "alice", "sent": {}, "status": 200, "body": {}, **fields}
    )
    return lambda town: town.chronicle.calls.append(call)


def _first_balance(town: Town) -> None:
    key = next(iter(town.world.ledger.balances))
    town.world.ledger.balances[key] += 1


def _uneven_balances(town: Town) -> None:
    """Both sides of a proof at once: the postings agree with the balances, which do not cancel out."""
    town.world.ledger.balances["wallet:nobody:available", "usd"] = 1


def _overdraft(town: Town) -> None:
    _post(town, Posting("wallet:nobody:available", "external:card", 5, "usd"))


def _empty_posting(town: Town) -> None:
    _post(town, Posting("external:card", "external:card", 0, "usd"))


def _transfer_to_the_platform(town: Town) -> None:
    posting = Posting("wallet:alice:available", "platform:revenue:payments", 5, "usd")
    made = _post(town, posting, kind="transfer")
    town.chronicle.commits.append(Commit({}, {}, [made]))


def _second_success(town: Town) -> None:
    paid = _row(town, "payment_attempts", status="succeeded")
    town.world.tables["payment_attempts"].rows["att_again"] = paid._replace(id="att_again")


def _paid_twice(town: Town) -> None:
    invoice = next(row for row in town.rows("invoices") if row.status == "paid" and row.payment_intent_id)
    intent = _row(town, "payment_intents", id=invoice.payment_intent_id)
    town.world.tables["payment_intents"].rows["pi_again"] = intent._replace(id="pi_again")


class _Miscounted(Invoice):
    """An invoice whose total is not what its lines say."""

    @property
    def total(self) -> int:
        """One more."""
        return self.subtotal + self.tax + 1


def _miscounted_invoice(town: Town) -> None:
    row = town.rows("invoices")[0]
    town.world.tables["invoices"].rows[row.id] = _Miscounted(*row)


def _awaited_otherwise(town: Town) -> None:
    intent = town.rows("payment_intents")[0]
    awaited = PaymentRef(intent.id, intent.client_secret, "requires_capture")
    _spoil(town, "invoices", town.rows("invoices")[0], awaiting=awaited)


def _broken_promise(town: Town) -> None:
    invoice = town.rows("invoices")[0]._replace(id="in_x", status="open", owner="nobody", balance_applied=7)
    town.world.tables["invoices"].rows[invoice.id] = invoice


def _changed_line(town: Town) -> None:
    invoice = next(row for row in town.rows("invoices") if row.number)
    _commit(town, "invoices", invoice._replace(lines=()), invoice)


def _window_off_by_one(town: Town) -> None:
    now = town.world.clock.now()
    reported = {"hour": (1, [1]), "day": (0, [0])}
    town.chronicle.windows.append(Windows("nobody", now, now + timedelta(days=1), reported))


def _lost_usage(town: Town) -> None:
    del town.world.tables["usage_records"].rows[town.rows("usage_records")[0].id]


def _usage_billed_again(town: Town) -> None:
    billed = next(row for row in town.rows("invoices") if row.usage and row.status != "draft")
    town.world.tables["invoices"].rows["in_again"] = billed._replace(id="in_again")


def _usage_never_billed(town: Town) -> None:
    for row in town.rows("invoices"):
        _spoil(town, "invoices", row, usage=())


def _usage_billed_on_free(town: Town) -> None:
    billed = next(row for row in town.rows("invoices") if row.usage)
    _spoil(town, "invoices", billed, subscription_id="sub_free")


def _second_subscription(town: Town) -> None:
    for number in (1, 2):
        sub = town.rows("subscriptions")[0]._replace(id=f"sub_{number}", owner="nobody", status="active")
        town.world.tables["subscriptions"].rows[sub.id] = sub


def _gap_between_periods(town: Town) -> None:
    sub = town.rows("subscriptions")[0]
    late = sub.current_period_end + timedelta(seconds=1)
    _commit(town, "subscriptions", sub, sub._replace(current_period_start=late))


def _overlapping_plans(town: Town) -> None:
    span = next(row for row in town.rows("plan_spans") if row.start < row.end)
    town.world.tables["plan_spans"].rows["span_again"] = span._replace(id="span_again")


def _endless_credit(town: Town) -> None:
    sub = _row(town, "invoices", status="paid", reason="subscription_create")
    _spoil(town, "invoices", sub, amount_refunded=10**9)


def _preview(total: int, amount: int) -> Saboteur:
    preview = {"total": total, "lines": [{"description": "x", "amount": amount}]}
    return lambda town: town.chronicle.changes.append(Changed(preview, []))


def _spent_from_expired(town: Town) -> None:
    grant = town.rows("credit_grants")[0]
    _commit(town, "credit_grants", grant._replace(consumed=0), grant._replace(consumed=5))


def _other_burn_order(town: Town) -> None:
    made = town.rows("credit_consumptions")[0]
    _commit(town, "credit_consumptions", None, made._replace(id="con_x", allocations=()))


def _resolved_again(town: Town) -> None:
    held = town.rows("credit_reservations")[0]
    _commit(town, "credit_reservations", held._replace(status="released"), held._replace(amount=1))


def _shown(credits_: Mapping[str, int], wallet: int) -> Saboteur:
    body = {"total_credits": 0, "available_credits": 0, "reserved_credits": 0, **credits_}
    return lambda town: town.chronicle.shown.update(nobody=(body, {"balances": {"credits": wallet}}))


def _repeated(commits: int, status: int, then: int) -> Saboteur:
    def repeat(town: Town) -> None:
        first = Call("POST", "/x", "alice", {}, status, {"code": "a"})
        town.chronicle.repeats.append(Repeat(first, first._replace(status=then), commits))

    return repeat


def _posted_by_a_refusal(town: Town) -> None:
    made = _post(town, Posting("external:card", "platform:clearing", 1, "usd"))
    refused = Call("POST", "/x", "alice", {}, 402, {}, [Commit({}, {}, [made])])
    town.chronicle.calls.append(refused)


def _untold(town: Town) -> None:
    intent = _row(town, "payment_intents", status="succeeded")
    _commit(town, "payment_intents", None, intent._replace(id="pi_new"))


def _told_for_nothing(town: Town) -> None:
    town.chronicle.commits.append(Commit({}, {}, (), [town.world.events[0]]))


def _lost_event(town: Town) -> None:
    del town.world.events[3]


def _forged_delivery(town: Town) -> None:
    sent = town.chronicle.deliveries[0]
    town.chronicle.deliveries.append(sent._replace(body=sent.body.replace(b"evt", b"evx", 1)))


def _unsigned_delivery(town: Town) -> None:
    sent = town.chronicle.deliveries[0]
    town.chronicle.deliveries.append(
        Delivered(("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",), sent.headers, sent.body)
    )


def _shown_anothers_row(town: Town) -> None:
    row = next(row for row in town.rows("payment_intents") if row.owner != "alice")
    _called(body={"data": [{"payment_id": row.id}]})(town)


def _changed_anothers_row(town: Town) -> None:
    row = next(row for row in town.rows("payment_intents") if row.owner != "alice")
    _commit(town, "payment_intents", row, row._replace(description="mine"))
    _called(commits=[town.chronicle.commits[-1]])(town)


def _secret_in_a_list(town: Town) -> None:
    intent = _row(town, "payment_intents", owner="alice")
    _called(body={"has_more": False, "data": [{"client_secret": intent.client_secret}]})(town)


def _secret_of_another(town: Town) -> None:
    intent = next(row for row in town.rows("payment_intents") if row.owner != "alice")
    _called(body={"client_secret": intent.client_secret})(town)


def _secret_in_an_event(town: Town) -> None:
    event = town.world.events[0]._replace(object={"client_secret": "pi_a_secret_b"})
    town.chronicle.commits.append(Commit({}, {}, (), [event]))


def _repeated_row(town: Town) -> None:
    rows = [{"id": "a"}, {"id": "b"}]
    town.chronicle.listings.append(Listing("/x", ["a", "b"], [rows, rows[1:]]))


def _unordered_rows(town: Town) -> None:
    town.chronicle.listings.append(Listing("/x", ["a", "b"], [[{"id": "b"}], [{"id": "a"}]]))


SABOTAGE: Mapping[str, tuple[Saboteur, ...]] = {
    "every_currency_sums_to_zero": (_first_balance, _uneven_balances),
    "nobody_falls_below_zero": (_overdraft,),
    "every_posting_moves_something": (_empty_posting,),
    "statements_lead_to_the_balances": (
        _on("wallet_entries", lambda row: {"amount": row.amount + 1}, status="completed"),
        _on("wallet_entries", lambda row: {"status": "failed"}, status="completed"),
    ),
    "transfers_leave_the_sum_over_users": (
        _on("wallet_entries", lambda row: {"amount": row.amount + 1}, type="transfer_in"),
        _transfer_to_the_platform,
    ),
    "refunds_stay_within_payments": (
        _on("payment_intents", lambda row: {"amount_refunded": row.amount + 1}, status="succeeded"),
        _on("payment_intents", lambda row: {"amount_received": row.amount + 1}, status="succeeded"),
    ),
    "refunded_is_the_sum_of_live_refunds": (
        _on("refunds", lambda row: {"amount": row.amount + 1}, status="succeeded"),
        _on("refunds", lambda row: {"status": "succeeded"}, status="failed"),
    ),
    "received_means_succeeded": (
        _on("payment_intents", lambda row: {"amount_received": 0}, status="succeeded"),
        _on("payment_intents", lambda row: {"amount_received": 1}, status="requires_payment_method"),
    ),
    "one_success_an_intent": (
        _second_success,
        _on("payment_attempts", lambda row: {"status": "failed"}, status="succeeded"),
    ),
    "what_has_ended_stays": (
        _moved("payment_intents", "succeeded", "canceled"),
        _moved("invoices", "void", "paid"),
        _moved("subscriptions", "canceled", "active"),
        _moved("credit_reservations", "committed", "held"),
    ),
    "every_move_is_in_the_tables": (
        _moved("payment_intents", "processing", "canceled"),
        _moved("invoices", "open", "draft"),
        _moved("crypto_payments", "pending", "confirmed"),
        _moved("subscriptions", "active", "unpaid"),
    ),
    "outside_accounts_are_what_payments_say": (
        lambda town: town.world.ledger.balances.update({("external:card", "usd"): 1}),
        lambda town: town.world.ledger.balances.update({("platform:clearing", "usd"): 10**9}),
    ),
    "invoices_add_up": (_miscounted_invoice,),
    "paid_is_paid_in_full_and_once": (
        _on("invoices", lambda row: {"paid_at": None}, status="paid"),
        _on("invoices", lambda row: {"amount_paid": row.amount_paid + 1}, status="paid"),
        _paid_twice,
    ),
    "final_invoices_stay_and_are_numbered": (
        _on("invoices", lambda row: {"number": None}, status="paid"),
        _on("invoices", lambda row: {"number": "INV-2024-999999"}, status="paid"),
        _changed_line,
    ),
    "every_window_adds_up": (_window_off_by_one,),
    "no_usage_is_lost_or_counted_twice": (
        _lost_usage,
        _on("usage_records", lambda row: {"quantity": row.quantity + 1}),
        _usage_billed_on_free,
    ),
    "usage_is_billed_once": (_usage_billed_again, _usage_never_billed),
    "one_live_subscription_a_user": (_second_subscription,),
    "debts_make_past_due": (_on("subscriptions", lambda row: {"status": "past_due"}, status="canceled"),),
    "periods_touch": (
        _on("subscriptions", lambda row: {"period_number": row.period_number + 1}),
        _gap_between_periods,
        _overlapping_plans,
    ),
    "what_is_awaited_is_shown_as_it_is": (_awaited_otherwise,),
    "no_more_comes_back_than_was_paid": (
        _endless_credit,
        _on("payment_intents", lambda row: {"credits_granted": 10**9}, status="succeeded"),
    ),
    "previews_come_true": (_preview(1, 1), _preview(0, 5)),
    "customer_balances_reconcile": (
        _on("invoices", lambda row: {"balance_applied": row.balance_applied + 1}, status="paid"),
        _broken_promise,
    ),
    "totals_add_up": (
        _shown({"total_credits": 5, "available_credits": 4}, 5),
        _shown({"total_credits": 5, "available_credits": 5}, 5),
    ),
    "histories_add_up": (
        _on("credit_entries", lambda row: {"amount": row.amount + 1}),
        _shown({"total_credits": 7}, 7),
    ),
    "grants_account_for_every_credit": (
        _on("credit_grants", lambda row: {"reserved": row.remaining + 1}),
        _on("credit_grants", lambda row: {"consumed": row.consumed + 1}),
    ),
    "consumption_follows_the_burn_order": (_other_burn_order,),
    "holds_are_what_is_reserved": (
        _on("credit_grants", lambda row: {"reserved": row.reserved + 1}),
        _resolved_again,
    ),
    "the_wallet_shows_the_same_credits": (_shown({"total_credits": 5}, 6),),
    "what_expired_is_not_spent": (_spent_from_expired,),
    "a_key_has_one_effect": (
        _repeated(1, 200, 200),
        _repeated(0, 201, 200),
        _repeated(0, 422, 409),
    ),
    "a_refusal_moves_nothing": (_called(status=500), _posted_by_a_refusal),
    "every_change_is_told_once": (_untold, _told_for_nothing, _lost_event),
    "deliveries_verify_and_cannot_be_forged": (_forged_delivery, _unsigned_delivery),
    "nobody_touches_what_is_anothers": (_shown_anothers_row, _changed_anothers_row),
    "pages_make_the_whole_list": (_repeated_row, _unordered_rows),
    "secrets_stay_with_their_owner": (_secret_in_a_list, _secret_of_another, _secret_in_an_event),
    "amounts_are_integers_and_times_utc": (
        _called(body={"amount": 1.5}),
        _called(body={"data": [{"balance": "12"}]}),
        _called(body={"created_at": "2024-01-28T10:00:00+01:00"}),
        _called(body={"plan": {"price": True}}),
    ),
}
"""Checker -> what it must see."""
