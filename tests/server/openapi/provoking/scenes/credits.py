"""Credits that are too few, reservations that are over, purchases that are declined."""

from __future__ import annotations

from .stage import CHALLENGED, DECLINES, EMPTY_WALLET, VISA, Stage

_RESERVATIONS = "/api/v1/credits/reservations"


def purchases_that_are_declined_or_wait(stage: Stage) -> None:
    for method in (*DECLINES, EMPTY_WALLET, CHALLENGED):
        stage.do(
            "POST",
            "/api/v1/credits/purchase",
            {"package": "credits_100", "payment_method_id": method},
            "poor",
        )
    stage.do("POST", "/api/v1/credits/purchase", {"package": "credits_7", **VISA})


def more_than_there_are(stage: Stage) -> None:
    stage.do("POST", "/api/v1/credits/consume", {"amount": 501, "reason": "test"})
    stage.do("POST", "/api/v1/credits/reserve", {"amount": 501, "reason": "test"})
    spent = stage.post("/api/v1/credits/consume", {"amount": 10, "reason": "test"})["consumption_id"]
    stage.do("POST", f"/api/v1/credits/consumptions/{spent}/refund", {"amount": 11})


def reservations_that_are_over(stage: Stage) -> None:
    wanted = {"amount": 5, "reason": "test", "ttl_seconds": 60}
    held, released, committed, expired = (
        stage.post("/api/v1/credits/reserve", wanted)["reservation_id"] for _ in "1234"
    )
    stage.do("POST", f"{_RESERVATIONS}/{held}/commit", {"amount": 6})
    stage.post(f"{_RESERVATIONS}/{released}/release")
    stage.post(f"{_RESERVATIONS}/{committed}/commit", {})
    stage.advance("PT2M")
    for over in (released, committed, expired):
        stage.do("POST", f"{_RESERVATIONS}/{over}/release")
        stage.do("POST", f"{_RESERVATIONS}/{over}/commit", {})
