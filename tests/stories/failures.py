"""What a failed call must tell: its class, what it carries, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from isa_user.errors import APIStatusError


@contextmanager
def fails(
    kind: type[APIStatusError],
    status: int,
    code: str,
    *,
    says: str,
    decline_code: str | None = None,
    param: str | None = None,
    context: Mapping[str, Any] | None = None,
) -> Iterator[None]:
    """The block raises exactly this error, and its text ends with ``says``.

    ``context`` are entries that the error's context has.
    """
    with pytest.raises(kind) as caught:
        yield
    error = caught.value
    assert type(error) is kind
    assert (error.status_code, error.code, error.decline_code) == (status, code, decline_code)
    assert error.param == param
    assert {name: error.context.get(name) for name in context or {}} == dict(context or {})
    assert str(error).startswith(error.message)
    assert str(error).endswith(says)
    assert error.request_id
    assert error.request_id in str(error)
