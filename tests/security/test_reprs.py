"""No value that carries a secret shows it in its `repr`: in a log, an assertion, a debugger, a traceback."""

from __future__ import annotations

import dataclasses
import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module

import pytest

import isa_mockserver
import isa_user

CANARY = "canary-4711"
SECRET_FIELD = re.compile(r"(^|_)(secret|token|password)$")
ALSO = {
    ("StoredAnswer", "body"),
    ("TrustedKey", "key"),
    ("Call", "headers"),
    ("WireRequest", "headers"),
    ("WireResponse", "body"),
}
"""Fields that carry one under another name."""


def _modules() -> Iterator[str]:
    for package in (isa_user, isa_mockserver):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                yield found.name


def _fields(cls: type) -> tuple[str, ...]:
    if dataclasses.is_dataclass(cls):
        return tuple(field.name for field in dataclasses.fields(cls))
    return getattr(cls, "_fields", ())


def _carriers() -> dict[str, tuple[type, str]]:
    found = {}
    for name in _modules():
        for cls in vars(import_module(name)).values():
            if not inspect.isclass(cls) or cls.__module__ != name:
                continue
            for field in _fields(cls):
                if SECRET_FIELD.search(field) or (cls.__name__, field) in ALSO:
                    found[f"{name}.{cls.__name__}.{field}"] = (cls, field)
    return found


CARRIERS = _carriers()


def test_there_are_such_values() -> None:
    names = {name.split(".", 1)[1].rpartition(".")[2] for name in CARRIERS}
    assert names >= {"client_secret", "secret", "old_secret", "token", "jwt_secret", "webhook_secret", "body"}
    assert {(cls.__name__, field) for cls, field in CARRIERS.values()} >= ALSO


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_value_does_not_show_the_secret_that_it_carries(carrier: str) -> None:
    cls, secret = CARRIERS[carrier]
    values = {field: CANARY if field == secret else "x" for field in _fields(cls)}
    if issubclass(cls, tuple):
        value: object = tuple.__new__(cls, tuple(values.values()))
    else:
        value = object.__new__(cls)
        for field, content in values.items():
            object.__setattr__(value, field, content)
    assert CANARY not in repr(value)
