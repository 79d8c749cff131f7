"""Secrets never in repr, logs, errors, journal, events or notebooks (quality page; AU-4, property 38).

Traffic with a unique canary for each secret runs once; each test then looks for one secret in one sink.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from opentelemetry import trace

from tests.sdk.test_tracing import Recorder
from tests.security import canaries as c
from tests.security.sinks import Seen
from tests.security.traffic import COMMANDS, all_that_was_seen

SECRETS = [*c.SECRETS, c.CLIENT_SECRET]
SINKS = [
    "clients of the SDK",
    "models of the SDK",
    "responses of the SDK",
    "errors of the SDK",
    "pickled errors of the SDK",
    "events of the SDK",
    "logs of the SDK and httpx",
    "spans",
    "server log",
    "banner",
    "problem documents",
    "journal",
    "events",
    "deliveries",
    "webhook bodies",
    "webhook headers",
    "state export",
    "state file",
    "$ state save",
    "state saved by the command",
    "snapshot diff",
    "control client",
    *(f"$ {name}{flags}" for name in COMMANDS for flags in ("", " --json")),
]
LOUD = ("isa_user", "isa_mockserver", "httpx", "httpcore", "uvicorn", "asyncio")


class _Kept(logging.Handler):
    """Keeps every record as it would be printed, and as it was made."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts += [logging.Formatter().format(record), repr(record.args), repr(record.__dict__)]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    kept = _Kept()
    loggers = [logging.getLogger(name) for name in ("", *LOUD)]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    loggers[0].addHandler(kept)
    recorder = Recorder()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(trace, "get_tracer", lambda *_args, **_kwargs: recorder)
            patch.setenv("ISA_USER_OTEL", "1")
            seen = all_that_was_seen(tmp_path_factory.mktemp("canaries"), lambda: "\n".join(kept.texts))
        seen.add("spans", *(vars(span) for span in recorder.spans))
        yield seen
    finally:
        loggers[0].removeHandler(kept)
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def test_every_sink_was_looked_into_and_every_one_showed_something(seen: Seen) -> None:
    assert set(seen.sinks) == set(SINKS)
    assert [sink for sink, text in seen.sinks.items() if len(text.strip()) < 3] == []
    assert set(seen.secrets) == set(SECRETS)
    for name in ("isa_user", "httpcore"):
        assert f"'name': '{name}" in seen.sinks["logs of the SDK and httpx"]


@pytest.mark.parametrize("sink", SINKS)
def test_no_secret_shows_in(sink: str, seen: Seen) -> None:
    """Where one may show, canaries.ALLOWED says why; what is allowed and does not show leaves the list."""
    shown = {secret for secret in SECRETS if seen.shows(secret, sink)}
    assert shown == {secret for secret in SECRETS if (secret, sink) in c.ALLOWED}


@pytest.mark.parametrize("secret", SECRETS)
def test_the_search_finds_a_planted_canary(secret: str, seen: Seen) -> None:
    planted = Seen(secrets=seen.secrets)
    planted.add("sink", "before", {"nested": [f"x{seen.secrets[secret]}y"]})
    assert planted.shows(secret, "sink")
    assert not Seen(sinks={"sink": "nothing"}, secrets=seen.secrets).shows(secret, "sink")


def test_the_table_names_only_what_there_is() -> None:
    assert {secret for secret, _ in c.ALLOWED} <= set(SECRETS)
    assert {sink for _, sink in c.ALLOWED} <= set(SINKS)
    assert all(len(reason) > 20 for reason in c.ALLOWED.values())
