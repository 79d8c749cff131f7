"""One OpenTelemetry span a call, only where it is asked for (SDK page, "Logging")."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, StatusCode, TraceFlags, Tracer

from isa_user import errors as e
from tests.sdk.fakes import INTENT, WALLET, AsyncScript, SyncScript, answer, bound, failed, page_of
from tests.sdk.samples import WALLET_TRANSACTION

CANARY = "canary-4711"
TRACE_ID, SPAN_ID = 0xABC, 0xDEF


class Recorded(NonRecordingSpan):
    """A span that remembers what it was told."""

    def __init__(self, name: str, kind: SpanKind, attributes: Mapping[str, Any]) -> None:
        super().__init__(SpanContext(TRACE_ID, SPAN_ID, is_remote=False, trace_flags=TraceFlags(1)))
        self.name = name
        self.kind = kind
        self.attributes = dict(attributes)
        self.status: Any = None
        self.exceptions: list[BaseException] = []
        self.ended = 0

    def set_attribute(self, key: str, value: Any) -> None:
        self.attributes[key] = value

    def set_status(self, status: Any, description: str | None = None) -> None:
        self.status = (status, description)

    def record_exception(self, exception: BaseException, *_args: Any, **_kwargs: Any) -> None:
        self.exceptions.append(exception)

    def end(self, end_time: int | None = None) -> None:
        self.ended += 1


class Recorder(Tracer):
    """A tracer that keeps its spans."""

    def __init__(self) -> None:
        self.spans: list[Recorded] = []

    def start_span(self, name: str, *_args: Any, **kwargs: Any) -> Recorded:
        self.spans.append(Recorded(name, kwargs["kind"], kwargs["attributes"]))
        return self.spans[-1]

    @contextmanager
    def start_as_current_span(self, name: str, *args: Any, **kwargs: Any) -> Iterator[Recorded]:  # type: ignore[override] # pyright: ignore[reportIncompatibleMethodOverride] - theirs is also a decorator
        span = self.start_span(name, *args, **kwargs)
        names = ("record_exception", "set_status_on_exception")
        with trace.use_span(span, end_on_exit=True, **{name: kwargs[name] for name in names}):
            yield span


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """What the application's tracer provider would record, with tracing switched on."""
    made = Recorder()
    monkeypatch.setattr(trace, "get_tracer", lambda *_args, **_kwargs: made)
    monkeypatch.setenv("ISA_USER_OTEL", "1")
    return made


def test_a_call_is_one_span_however_many_attempts_it_took(recorder: Recorder) -> None:
    script = SyncScript(failed(sent=False), answer(201, INTENT, {"x-request-id": "req_7"}))
    client = bound("SyncPaymentClient", script, base_url="http://pay.test:18207")
    client.confirm_intent("pi_1", payment_method_id="pm_card_visa")
    [span] = recorder.spans
    assert (span.name, span.kind) == (
        "POST /api/v1/payments/intent/{payment_intent_id}/confirm",
        SpanKind.CLIENT,
    )
    assert span.attributes == {
        "http.request.method": "POST",
        "http.request.resend_count": 1,
        "http.response.status_code": 201,
        "isa_user.operation": "payment.confirm_intent",
        "isa_user.request_id": "req_7",
        "server.address": "pay.test",
        "server.port": 18207,
        "url.template": "/api/v1/payments/intent/{payment_intent_id}/confirm",
    }
    assert (span.status, span.ended) == (None, 1)


@pytest.mark.anyio
async def test_an_async_call_is_a_span_too_and_its_context_goes_along_on_every_attempt(
    recorder: Recorder,
) -> None:
    script = AsyncScript(failed(sent=False), answer(200, WALLET))
    await bound("WalletClient", script).get_balance()
    assert [span.name for span in recorder.spans] == ["GET /api/v1/wallets/me"]
    wanted = f"00-{TRACE_ID:032x}-{SPAN_ID:016x}-01"
    assert [script.header("traceparent", index) for index in (0, 1)] == [wanted, wanted]


def test_every_page_of_a_list_is_a_call_of_its_own(recorder: Recorder) -> None:
    script = SyncScript(page_of([WALLET_TRANSACTION], "c1"), page_of([], None))
    assert len(list(bound("SyncWalletClient", script).get_transactions())) == 1
    assert len(recorder.spans) == 2
    assert len([name for name, _ in script.requests[1].headers if name == b"traceparent"]) == 1


def test_a_callers_own_trace_context_wins(recorder: Recorder) -> None:
    script = SyncScript(answer(200, WALLET))
    bound("SyncWalletClient", script).get_balance(extra_headers={"traceparent": "mine"})
    assert [value for name, value in script.requests[0].headers if name == b"traceparent"] == [b"mine"]


def test_a_failed_call_ends_its_span_with_the_kind_of_error_alone(recorder: Recorder) -> None:
    script = SyncScript(answer(402, {"detail": CANARY, "code": "card_declined", "client_secret": CANARY}))
    client = bound("SyncPaymentClient", script)
    with pytest.raises(e.CardDeclinedError):
        client.create_intent(amount=1, currency="usd", metadata={"note": CANARY}, idempotency_key=CANARY)
    [span] = recorder.spans
    assert span.status == (StatusCode.ERROR, "CardDeclinedError")
    assert (span.attributes["error.type"], span.attributes["http.response.status_code"]) == (
        "CardDeclinedError",
        402,
    )
    assert (span.exceptions, span.ended) == ([], 1)
    assert CANARY not in repr(vars(span))


def test_what_is_not_an_error_of_the_sdk_ends_the_span_too(recorder: Recorder) -> None:
    def provider() -> str:
        raise KeyboardInterrupt

    script = SyncScript(answer(200, WALLET))
    with pytest.raises(KeyboardInterrupt):
        bound("SyncWalletClient", script).get_balance(token=provider)
    assert recorder.spans[0].status == (StatusCode.ERROR, "KeyboardInterrupt")


@pytest.mark.parametrize("word", [None, "", "0", "off"])
def test_nothing_is_traced_unless_it_is_asked_for(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch, word: str | None
) -> None:
    monkeypatch.delenv("ISA_USER_OTEL")
    if word is not None:
        monkeypatch.setenv("ISA_USER_OTEL", word)
    script = SyncScript(answer(200, WALLET))
    bound("SyncWalletClient", script).get_balance()
    assert recorder.spans == []
    assert script.header("traceparent") is None


def test_asked_for_without_the_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISA_USER_OTEL", "1")
    monkeypatch.setitem(sys.modules, "opentelemetry.trace", None)
    with pytest.raises(e.ConfigurationError, match=r'pip install "isa-user\[otel\]"'):
        bound("SyncWalletClient", SyncScript(answer(200, WALLET)))


def test_another_word_than_yes_or_no_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISA_USER_OTEL", "jaeger")
    with pytest.raises(e.ConfigurationError, match="ISA_USER_OTEL must be 1 or 0"):
        bound("SyncWalletClient", SyncScript(answer(200, WALLET)))
