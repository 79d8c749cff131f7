"""One line a call on the logger ``isa_user``; never a token, key, secret or body."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import Any

from isa_user._call import Call
from isa_user._config import ENV_LOG
from isa_user._meta import ResponseInfo
from isa_user.errors import ConfigurationError, IsaError

__all__ = ["configure_from_env", "log_call"]

logger = logging.getLogger("isa_user")
logger.addHandler(logging.NullHandler())

_LEVELS: Mapping[str, int] = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
_OFF = frozenset({"", "0", "off", "none"})


class _EnvHandler(logging.StreamHandler[Any]):
    """The handler that ISA_USER_LOG adds, once a process."""


def configure_from_env(environ: Mapping[str, str] | None = None) -> None:
    """Switch logging to stderr on where ISA_USER_LOG asks for it (debug, info, warning, error)."""
    level_name = (os.environ if environ is None else environ).get(ENV_LOG, "").strip().lower()
    if level_name in _OFF:
        return
    if level_name not in _LEVELS:
        raise ConfigurationError(f"{ENV_LOG} must be one of {', '.join(_LEVELS)}, not {level_name!r}.")
    logger.setLevel(_LEVELS[level_name])
    if not any(isinstance(handler, _EnvHandler) for handler in logger.handlers):
        handler = _EnvHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        logger.addHandler(handler)


def log_call(call: Call[Any], result: str | int, told: ResponseInfo | IsaError, elapsed_s: float) -> None:
    """Write the line of one finished call; ``result`` is the status or the name of the error."""
    if not logger.isEnabledFor(logging.INFO):
        return
    logger.info(
        "%s %s -> %s in %.0f ms, attempts %d, request %s",
        call.operation.method,
        call.operation.path,
        result,
        elapsed_s * 1000,
        told.attempts,
        told.request_id or "-",
    )
