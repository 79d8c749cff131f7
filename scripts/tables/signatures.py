"""The constructors and methods of the async clients, one line each."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import isa_user
from scripts.tables.text import fenced

CLIENTS = (
    isa_user.PaymentClient,
    isa_user.WalletClient,
    isa_user.BillingClient,
    isa_user.SubscriptionClient,
    isa_user.CreditClient,
)
_STARS = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}


def signatures() -> str:
    """One block a client, its methods by name."""
    return "\n".join(fenced("text", "\n".join(_lines(client))) for client in CLIENTS)


def _lines(client: type) -> Iterator[str]:
    yield f"{client.__name__}({_arguments(client)})"
    for name, method in sorted(inspect.getmembers(client, inspect.isfunction)):
        if not name.startswith("_"):
            wait = "await " if inspect.iscoroutinefunction(method) else ""
            result = inspect.signature(method).return_annotation
            yield f"    {wait}{name}({_arguments(method)}) -> {result}"


def _arguments(function: Callable[..., Any]) -> str:
    shown: list[str] = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name == "self":
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in shown:
            shown.append("*")
        default = "" if parameter.default is parameter.empty else f" = {parameter.default!r}"
        shown.append(f"{_STARS.get(parameter.kind, '')}{parameter.name}: {parameter.annotation}{default}")
    return ", ".join(shown)
