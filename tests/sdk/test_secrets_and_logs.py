"""What is written down about a call, and what never is (SDK page, "Logging"; quality page, "Security")."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator

import pytest

from isa_user import SyncIsaUser, SyncPaymentClient
from isa_user import errors as e
from isa_user._core import SyncCore
from isa_user._log import configure_from_env
from tests.sdk.fakes import INTENT, SyncScript, answer, bound, failed

CANARY = "canary-4711"


@pytest.fixture
def isa_logger() -> Iterator[logging.Logger]:
    """The SDK's logger, put back as it was."""
    logger = logging.getLogger("isa_user")
    level, handlers = logger.level, list(logger.handlers)
    yield logger
    logger.setLevel(level)
    logger.handlers[:] = handlers


def test_one_line_a_call_with_method_template_status_time_attempts_and_request_id(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, logger="isa_user")
    script = SyncScript(failed(sent=False), answer(201, INTENT, {"x-request-id": "req_7"}))
    bound("SyncPaymentClient", script).confirm_intent("pi_secretish")
    (record,) = caplog.records
    assert record.getMessage().startswith(
        "POST /api/v1/payments/intent/{payment_intent_id}/confirm -> 201 in "
    )
    assert record.getMessage().endswith(" ms, attempts 2, request req_7")
    assert "pi_secretish" not in record.getMessage()


def test_a_failed_call_is_one_line_too(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="isa_user")
    with pytest.raises(e.NotFoundError):
        bound("SyncPaymentClient", SyncScript(answer(404, {"detail": CANARY}))).refund("pi_1")
    (record,) = caplog.records
    assert " -> NotFoundError 404 in " in record.getMessage()
    assert CANARY not in record.getMessage()


def test_tokens_keys_and_secrets_appear_in_no_log_error_repr_or_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = {**INTENT, "client_secret": CANARY}
    broken = {**INTENT, "amount": CANARY, "client_secret": CANARY}
    script = SyncScript(answer(201, secret), answer(201, broken), answer(500, {"client_secret": CANARY}))
    client = bound("SyncPaymentClient", script)
    shown = [repr(client), repr(client._core.config)]
    for _ in range(3):
        try:
            intent = client.create_intent(amount=1, currency="usd", token=CANARY, metadata={"note": CANARY})
            shown += [repr(intent), str(intent), intent._repr_html_(), repr(intent.response)]
        except e.IsaError as error:
            shown += [str(error), repr(error), "".join(traceback.format_exception(error))]
    shown += [record.getMessage() for record in caplog.records]
    assert len(caplog.records) == 3
    assert [text for text in shown if CANARY in text] == []


def test_logging_is_silent_unless_asked_for(
    isa_logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    isa_logger.handlers[:] = [h for h in isa_logger.handlers if isinstance(h, logging.NullHandler)]
    bound("SyncPaymentClient", SyncScript(answer(201, INTENT))).create_intent(amount=1, currency="usd")
    assert capsys.readouterr().err == ""


def test_the_environment_switches_logging_on_once(
    isa_logger: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(isa_logger.handlers)
    monkeypatch.setenv("ISA_USER_LOG", "debug")
    for _ in range(3):
        SyncPaymentClient()
    assert isa_logger.level == logging.DEBUG
    assert len(isa_logger.handlers) == before + 1


def test_off_is_off(isa_logger: logging.Logger) -> None:
    before = list(isa_logger.handlers)
    configure_from_env({"ISA_USER_LOG": "off"})
    assert isa_logger.handlers == before


def test_the_effects_of_a_call_show_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    perform = SyncCore._perform

    def spy(self: SyncCore, effect: object) -> object:
        seen.append(repr(effect))
        return perform(self, effect)  # type: ignore[arg-type]

    monkeypatch.setattr(SyncCore, "_perform", spy)
    script = SyncScript(answer(201, INTENT))
    isa = SyncIsaUser._bound(transport=script, sleep=script.sleep, token=lambda: CANARY)
    isa.payments.create_intent(amount=1, currency="usd")
    assert [each.partition("(")[0] for each in seen] == ["GetToken", "Send"]
    assert CANARY not in "".join(seen)
