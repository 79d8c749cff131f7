"""Tests interrupt the servers that they start, and so need SIGINT to mean that."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """A shell that runs the tests in the background ignores SIGINT, and whatever is started inherits that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
