"""Subscriptions in states that refuse, and charges for them that are declined or wait."""

from __future__ import annotations

from .stage import CHALLENGED, DECLINES, EMPTY_WALLET, VISA, Stage

_BASE = "/api/v1/subscriptions"
_ME = f"{_BASE}/me"
MONTHLY = {"plan_id": "plan_pro_monthly", **VISA}
YEARLY = {"new_plan_id": "plan_enterprise_annual", "prorate": True}
ALL = (*DECLINES, EMPTY_WALLET, CHALLENGED)


def _everything(stage: Stage, user: str) -> None:
    stage.do("POST", f"{_ME}/change/preview", YEARLY, user)
    stage.do("POST", f"{_ME}/change", YEARLY, user)
    stage.do("POST", f"{_ME}/resume", {}, user)
    stage.do("POST", f"{_ME}/pause", {}, user)
    stage.do("POST", f"{_ME}/cancel", {"at_period_end": True}, user)


def before_there_is_one_and_after_its_end(stage: Stage) -> None:
    stage.do("GET", _ME, user="new")
    _everything(stage, "new")
    stage.post(_BASE, {**MONTHLY, "trial_days": 7}, "new")
    stage.do("POST", _BASE, MONTHLY, "new")
    stage.do("POST", f"{_ME}/change", {**YEARLY, "new_plan_id": "plan_pro_monthly"}, "new")
    stage.post(f"{_ME}/cancel", {"at_period_end": False}, "new")
    _everything(stage, "new")
    stage.do("POST", _BASE, {**MONTHLY, "trial_days": 7}, "new")


def declined_from_the_start(stage: Stage) -> None:
    for number, method in enumerate((*ALL, "pm_nobody", "pm_bank_success")):
        stage.do("POST", _BASE, {**MONTHLY, "payment_method_id": method}, f"starter_{number}")


def declined_at_a_change(stage: Stage) -> None:
    for number, method in enumerate((*ALL, "pm_bank_success")):
        user = f"changer_{number}"
        stage.post(_BASE, {"plan_id": "plan_free", "payment_method_id": method}, user)
        stage.do("POST", f"{_ME}/change", YEARLY, user)
        _everything(stage, user)


def paused_while_a_renewal_waits(stage: Stage) -> None:
    """The customer balance pays the first period; calls beyond its quota meet a card that declines."""
    users = {f"heavy_{number}": method for number, method in enumerate((*DECLINES, EMPTY_WALLET))}
    for user, method in users.items():
        stage.post(_BASE, {"plan_id": "plan_enterprise_annual", **VISA}, user)
        stage.post(f"{_ME}/change", {"new_plan_id": "plan_pro_monthly", "prorate": True}, user)
        stage.post(f"{_ME}/cancel", {"at_period_end": False}, user)
        stage.post(_BASE, {**MONTHLY, "payment_method_id": method}, user)
        stage.do("GET", _ME, user=user)
        stage.post("/api/v1/billing/usage", {"metric": "api_calls", "quantity": 5_000_000}, user)
    stage.advance("P29DT30M")
    for user in users:
        stage.do("POST", f"{_ME}/pause", {}, user)


def declined_at_the_end_of_a_trial(stage: Stage) -> None:
    for number, method in enumerate((*ALL, "pm_card_chargeCustomerFail")):
        user = f"trier_{number}"
        stage.post(_BASE, {**MONTHLY, "payment_method_id": method, "trial_days": 1}, user)
    for number in range(3):
        stage.post(_BASE, {"plan_id": "plan_pro_monthly", "trial_days": 1}, f"waiter_{number}")
    stage.advance("P2D")
    for number in range(len(ALL) + 1):
        _everything(stage, f"trier_{number}")


def resumed_after_a_trial_without_a_method(stage: Stage) -> None:
    users = {
        f"guest_{number}": method for number, method in enumerate((*ALL, "pm_nobody", "pm_bank_success"))
    }
    for user in users:
        stage.post(_BASE, {"plan_id": "plan_pro_monthly", "trial_days": 1}, user)
    stage.advance("P2D")
    for user, method in users.items():
        stage.do("POST", f"{_ME}/resume", {}, user)
        stage.do("POST", f"{_ME}/resume", {"payment_method_id": method}, user)
        _everything(stage, user)


def charged_in_the_first_hour_of_a_period(stage: Stage) -> None:
    """A renewal waits an hour as a draft; a pause or a change in it collects the draft first."""
    for number, method in enumerate((*ALL, "pm_card_chargeCustomerFail", "pm_bank_success")):
        for what in ("pause", "change"):
            user = f"renewer_{number}_{what}"
            stage.post(_BASE, {**MONTHLY, "payment_method_id": method, "trial_days": 1}, user)
    stage.advance("P1DT30M")
    for number in range(len(ALL) + 2):
        stage.do("POST", f"{_ME}/pause", {}, f"renewer_{number}_pause")
        stage.do("POST", f"{_ME}/change/preview", YEARLY, f"renewer_{number}_change")
        stage.do("POST", f"{_ME}/change", YEARLY, f"renewer_{number}_change")
        for what in ("pause", "change"):
            _everything(stage, f"renewer_{number}_{what}")
