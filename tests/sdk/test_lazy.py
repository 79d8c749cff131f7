"""Importing costs next to nothing, and names are still checked (SDK page, "Import")."""

from __future__ import annotations

import subprocess
import sys

import pytest

import isa_user
from isa_user import errors, models

HEAVY = ("httpx", "httpcore", "pydantic", "anyio", "asyncio", "ssl", "trio")


def _loaded_after(code: str) -> set[str]:
    program = f"import sys\n{code}\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert _loaded_after("import isa_user") == set()


def test_importing_and_making_clients_loads_neither_httpx_nor_pydantic() -> None:
    code = "from isa_user import PaymentClient, SyncIsaUser\nPaymentClient(); SyncIsaUser(token='t')"
    assert not _loaded_after(code) & {"httpx", "httpcore", "pydantic", "ssl"}


def test_http_urls_make_no_tls_context() -> None:
    code = """
import ssl
def refuse(*args, **kwargs): raise AssertionError("a TLS context was made")
import httpx, isa_user
ssl.SSLContext.__new__ = refuse
client = isa_user.SyncWalletClient("http://127.0.0.1:9", token="t", max_retries=0)
try:
    client.get_balance()
except isa_user.APIConnectionError as error:
    assert "Could not connect" in str(error), error
else:
    raise AssertionError("connected to the discard port")
"""
    assert "httpx" in _loaded_after(code)


@pytest.mark.parametrize("module", [isa_user, models], ids=["isa_user", "isa_user.models"])
def test_every_public_name_is_there_and_listed_in_order(module: object) -> None:
    names: list[str] = vars(module)["__all__"]
    assert names == sorted(names)
    assert len(names) == len(set(names))
    for name in names:
        assert getattr(module, name) is getattr(module, name)
    assert set(names) <= set(dir(module))


def test_models_and_errors_are_public_at_the_root() -> None:
    assert set(models.__all__) <= set(isa_user.__all__)
    assert set(errors.__all__) <= set(isa_user.__all__)


@pytest.mark.parametrize("module", [isa_user, models], ids=["isa_user", "isa_user.models"])
def test_a_typing_mistake_is_an_attribute_error(module: object) -> None:
    with pytest.raises(AttributeError, match="PaymentClinet"):
        _ = getattr(module, "PaymentClinet")  # noqa: B009
    with pytest.raises(ImportError):
        from isa_user import PaymentClinet  # type: ignore[attr-defined] # noqa: F401
