"""Where something answers: one path of a port."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .wire import MAX_BODY_BYTES, Responder


class Place(NamedTuple):
    """One path, such as `/api/v1/payments/{payment_id}`, and what answers there, by method."""

    path: str
    methods: Mapping[str, Responder]
    max_body_bytes: int = MAX_BODY_BYTES
