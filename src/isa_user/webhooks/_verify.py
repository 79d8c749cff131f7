"""Verifying a webhook before anything in it is believed (rules WH-5)."""

from __future__ import annotations

from collections.abc import Iterable

from isa_user.errors import InvalidArgumentError, WebhookVerificationError
from isa_user.webhooks._headers import Headers, Stamp, read_stamp
from isa_user.webhooks._now import Now, system_now
from isa_user.webhooks._parse import parse_event
from isa_user.webhooks._secrets import signing_keys
from isa_user.webhooks._signature import matches, signature
from isa_user.webhooks.events import Event

__all__ = ["TOLERANCE_S", "Webhook"]

TOLERANCE_S = 300
"""How far, in seconds, a delivery's timestamp may lie from now, in both directions (rules WH-5)."""


class Webhook:
    """Verifies deliveries signed after Standard Webhooks (heading "Webhooks", rules WH-4, WH-5).

    Args:
        secret: the endpoint's signing secret (``whsec_...``), or several while one is being replaced:
            a signature by any of them is accepted.
        now: gives the time in seconds since 1970; the system's clock unless a test brings its own.

    Raises:
        ConfigurationError: a secret is not ``whsec_`` and base64 of 24 to 64 bytes.
    """

    def __init__(self, secret: str | Iterable[str], *, now: Now = system_now) -> None:
        self._keys = signing_keys(secret)
        self._now = now

    def __repr__(self) -> str:
        masked = ", ".join(["'whsec_**********'"] * len(self._keys))
        return f"{type(self).__name__}({masked})"

    def verify(self, body: bytes | bytearray | memoryview, headers: Headers) -> Event:
        """Check signature and time of a delivery and give its event.

        Args:
            body: the request's body exactly as it was received; parsed and printed again it would differ.
            headers: the request's headers in any common shape; the case of names does not matter.

        Returns:
            The event: of its own class, or ``UnknownEvent`` for a type that this version does not know.

        Raises:
            WebhookVerificationError: the delivery proves nothing and must not be acted on; ``code`` is
                ``missing_header``, ``invalid_header``, ``timestamp_too_old``, ``timestamp_too_new``,
                ``no_matching_signature`` or ``invalid_payload``.
            InvalidArgumentError: ``body`` is not bytes.
        """
        if not isinstance(body, bytes | bytearray | memoryview):
            raise InvalidArgumentError(
                f"A webhook is verified over the raw bytes of the request, not {type(body).__name__}.",
                param="body",
            )
        raw, stamp = bytes(body), read_stamp(headers)
        _check_time(int(stamp.timestamp), self._now())
        self._check_signature(raw, stamp)
        return parse_event(raw, stamp.webhook_id)

    def _check_signature(self, body: bytes, stamp: Stamp) -> None:
        expected = [signature(key, stamp.webhook_id, stamp.timestamp, body) for key in self._keys]
        if not matches(expected, stamp.signatures):
            raise WebhookVerificationError(
                "No signature of this delivery was made with the endpoint's secret over this body.",
                code="no_matching_signature",
            )


def _check_time(timestamp: int, now: float) -> None:
    if abs(now - timestamp) > TOLERANCE_S:
        side = "old" if timestamp < now else "new"
        raise WebhookVerificationError(
            f"The delivery's timestamp is more than {TOLERANCE_S} seconds too {side}; "
            "where the sender is right, set this machine's clock.",
            code=f"timestamp_too_{side}",
        )
