"""A fresh server for one scene, and the few calls that most scenes begin with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.server.openapi.provoking.recorder import Answer, Recorder, Seen

VISA = {"payment_method_id": "pm_card_visa"}
DECLINES = (
    "pm_card_chargeDeclined",
    "pm_card_chargeDeclinedExpiredCard",
    "pm_card_chargeDeclinedIncorrectCvc",
    "pm_card_chargeDeclinedProcessingError",
)
"""One card for each way of an issuer to decline."""
CHALLENGED = "pm_card_authenticationRequired"
EMPTY_WALLET = "pm_wallet"


class Stage:
    """Calls as `user_456`, an admin, unless another user is named; services get a field that there is not."""

    def __init__(self, seen: Seen) -> None:
        self._recorder = Recorder(seen)

    def do(
        self, method: str, path: str, body: Any = None, user: str = "user_456", *, admin: bool = True
    ) -> Answer:
        """One call, whatever it answers."""
        if path.startswith("/api/") and (method == "POST" or isinstance(body, dict)):
            body = {**(body or {}), "ammount": 1}
        return self._recorder.send(method, path, body, user=user, roles=("admin",) if admin else ())

    def post(self, path: str, body: Any = None, user: str = "user_456") -> dict[str, Any]:
        """The answer to a call that has to work."""
        answer = self.do("POST", path, body, user)
        assert answer.status < 300, answer.body
        return answer.body

    def advance(self, span: str) -> None:
        """Let time pass, an ISO 8601 duration."""
        self.post("/_mock/clock", {"advance": span})

    def edit_state(self, edit: Callable[[dict[str, Any]], None]) -> None:
        """Save the state, change the document, load it."""
        state = self.do("GET", "/_mock/state").body
        edit(state)
        loaded = self.do("PUT", "/_mock/state", state)
        assert loaded.status == 200, loaded.body

    def intent(self, user: str = "user_456", **options: Any) -> str:
        """A new payment intent over 2999 usd."""
        made = self.post("/api/v1/payments/intent", {"amount": 2999, "currency": "usd", **options}, user)
        return f"/api/v1/payments/intent/{made['payment_intent_id']}"
