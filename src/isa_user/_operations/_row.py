"""What a row of the table is, and short forms to write one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Generic, Literal, TypeVar, cast

from isa_user._config import API_PREFIX, Service

__all__ = ["Method", "Operation", "Safety", "delete", "get", "patch", "post"]

T_co = TypeVar("T_co", covariant=True)

Method = Literal["GET", "POST", "PATCH", "DELETE"]
Safety = Literal["read", "write"]


@dataclass(frozen=True, slots=True)
class Operation(Generic[T_co]):
    """One endpoint.

    ``result`` names the model as ``module.Class`` below ``isa_user.models`` (None: no body), loaded on
    first use. ``many`` marks a list. ``safety`` decides what may be retried. ``required`` are the fields
    of the body, or of a read's query, that must be there. ``documented`` is False for extensions;
    ``source`` is the page's heading or the rule.
    """

    name: str
    service: Service
    method: Method
    path: str
    result: str | None
    safety: Safety
    source: str
    required: tuple[str, ...] = ()
    many: bool = False
    documented: bool = True

    def model(self) -> type[T_co]:
        """The model class of the result."""
        return cast("type[T_co]", _model(str(self.result)))


@cache
def _model(result: str) -> type[Any]:
    module, _, name = result.partition(".")
    model: type[Any] = getattr(import_module(f"isa_user.models.{module}"), name)
    return model


def get(
    name: str, service: Service, path: str, result: str, source: str, required: str = "", **more: Any
) -> Operation[Any]:
    """A row that reads."""
    return _row("GET", name, service, path, result, "read", source, required, **more)


def post(
    name: str,
    service: Service,
    path: str,
    result: str,
    source: str,
    required: str = "",
    safety: Safety = "write",
    **more: Any,
) -> Operation[Any]:
    """A row that does something."""
    return _row("POST", name, service, path, result, safety, source, required, **more)


def patch(name: str, service: Service, path: str, result: str, source: str, **more: Any) -> Operation[Any]:
    """A row that changes an object in place."""
    return _row("PATCH", name, service, path, result, "write", source, "", **more)


def delete(name: str, service: Service, path: str, source: str, **more: Any) -> Operation[Any]:
    """A row that removes an object; it answers nothing."""
    return _row("DELETE", name, service, path, None, "write", source, "", **more)


def _row(
    method: Method,
    name: str,
    service: Service,
    path: str,
    result: str | None,
    safety: Safety,
    source: str,
    required: str,
    **more: Any,
) -> Operation[Any]:
    fields = tuple(required.split())
    return Operation(name, service, method, f"{API_PREFIX}{path}", result, safety, source, fields, **more)
