"""Each check proves itself: it reports a small bad sample and is silent about its good twin."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from tests.tidy import checks, directions
from tests.tidy.cycles import check_cycles
from tests.tidy.layers import NEVER_IN, ONLY_IN, SDK, SERVER, STANDARD_LIBRARY_ONLY
from tests.tidy.source import Finding, Module

Check = Callable[[Module], Iterable[Finding]]


def _module(text: str, name: str = "isa_user.sample", *, is_package: bool = False) -> Module:
    return Module(name, text, is_package)


# (check, bad sample, good twin)
SAMPLES: dict[str, tuple[Check, str, str]] = {
    "clock, by module": (
        checks.check_hidden_inputs,
        "import time\nnow = time.time()",
        "import time\ntime.strftime('')",
    ),
    "clock, by alias": (checks.check_hidden_inputs, "import time as t\nt.monotonic()", "t = 1\nt.monotonic"),
    "clock, by name": (
        checks.check_hidden_inputs,
        "from time import sleep as s\ns(1)",
        "def sleep(): ...\nsleep()",
    ),
    "clock, handed on": (
        checks.check_hidden_inputs,
        "import time\ndef f(now=time.time): ...",
        "def f(now): ...",
    ),
    "today": (
        checks.check_hidden_inputs,
        "from datetime import date\ndate.today()",
        "from datetime import date\ndate(2024, 1, 28)",
    ),
    "now": (
        checks.check_hidden_inputs,
        "import datetime as dt\ndt.datetime.now(dt.UTC)",
        "import datetime as dt\ndt.datetime.fromisoformat('2024-01-28')",
    ),
    "randomness": (checks.check_hidden_inputs, "import random\nrandom.random()", "rng.random()"),
    "uuid": (
        checks.check_hidden_inputs,
        "from uuid import uuid4\nuuid4()",
        "from uuid import UUID\nUUID(int=1)",
    ),
    "secrets": (checks.check_hidden_inputs, "import secrets\nsecrets.token_hex()", "secrets = 1"),
    "async def": (checks.check_never_suspends, "async def f(): ...", "def f(): ..."),
    "await": (checks.check_never_suspends, "async def f(): await g()", "def f(): g()"),
    "float literal": (checks.check_whole_numbers, "x = 0.5", "x = 5"),
    "true division": (checks.check_whole_numbers, "x = a / b", "x = a // b"),
    "true division in place": (checks.check_whole_numbers, "x /= b", "x //= b"),
    "float()": (checks.check_whole_numbers, "x = float(1)", "x = int(1)"),
    "round()": (checks.check_whole_numbers, "x = round(1)", "x = abs(1)"),
    "long file": (checks.check_sizes, "x = 1\n" * 301, "x = 1\n" * 300),
    "long function": (
        checks.check_sizes,
        "def f():\n" + "    x = 1\n" * 60,
        "def f():\n" + "    x = 1\n" * 59,
    ),
    "no docstring": (checks.check_docstring, "x = 1", '"""What this is."""\nx = 1'),
    "home folder": (checks.check_paths, "x = '/home/me/data'", "x = '/api/v1/payments/home/x'"),
    "relative path": (checks.check_paths, "x = './data.db'", "x = 'data.db'"),
    "parent folder": (checks.check_paths, "x = 'see ../notes.md'", "x = '..'"),
    "unsorted __all__": (
        checks.check_all,
        "__all__ = ['b', 'A']\ndef b(): ...\nclass A: ...",
        "__all__ = ['A', 'b']\ndef b(): ...\nclass A: ...",
    ),
    "incomplete __all__": (
        checks.check_all,
        "__all__ = ['A']\nclass A: ...\nclass B: ...",
        "__all__ = ['A']\nclass A: ...\nclass _B: ...",
    ),
    "__all__ with a name that is not there": (checks.check_all, "__all__ = ['A']", "__all__ = ['A']\nA = 1"),
}


@pytest.mark.parametrize(("check", "bad", "good"), SAMPLES.values(), ids=SAMPLES.keys())
def test_a_check_reports_the_bad_sample_and_not_its_twin(check: Check, bad: str, good: str) -> None:
    assert list(check(_module(bad))), "the bad sample went unnoticed"
    assert not list(check(_module(good))), "the good twin was reported"


def test_a_packages_all_must_list_what_it_lazily_offers() -> None:
    text = "if TYPE_CHECKING:\n    from isa_user.errors import IsaError, Other\n__all__ = ['IsaError']\n"
    assert [f.what for f in checks.check_all(_module(text, "isa_user", is_package=True))] == [
        "__all__ lacks Other"
    ]


# (module, import, allowed?)
SDK_IMPORTS = [
    ("errors", "isa_user.models.wallet", False),
    ("models.wallet", "isa_user.errors", True),
    ("models.wallet", "isa_user.models.base", True),
    ("models.wallet", "isa_user._operations", False),
    ("_flow", "isa_user._transport", False),
    ("_core", "isa_user._flow", True),
    ("_async.payment", "isa_user._sync.payment", False),
    ("_async.payment", "isa_user._core", True),
    ("webhooks.verify", "isa_user.models", True),
    ("webhooks.verify", "isa_user._core", False),
]
SERVER_IMPORTS = [
    ("kernel.money", "isa_mockserver.kernel.errors", True),
    ("kernel.money", "isa_mockserver.services.ports", False),
    ("kernel.money", "isa_mockserver.web.endpoint", False),
    ("services.ports", "isa_mockserver.kernel.money", True),
    ("services.ports", "isa_mockserver.services.wallets.model", False),
    ("services.wallets.service", "isa_mockserver.services.wallets.model", True),
    ("services.wallets.service", "isa_mockserver.services.payments.model", False),
    ("services.wallets.service", "isa_mockserver.services.ports", True),
    ("services.wallets.service", "isa_mockserver.services.wallets.schemas", False),
    ("services.wallets.model", "isa_mockserver.services.wallets.service", False),
    ("services.wallets.routes", "isa_mockserver.services.wallets.schemas", True),
    ("services.wallets.routes", "isa_mockserver.services.credits.service", False),
    ("web.endpoint", "isa_mockserver.services.wallets.service", False),
    ("web.endpoint", "isa_mockserver.kernel.store", True),
    ("app", "isa_mockserver.slices", True),
    ("app", "isa_mockserver.services.wallets.routes", False),
    ("slices", "isa_mockserver.services.wallets.wiring", True),
    ("slices", "isa_mockserver.app", False),
    ("app", "isa_mockserver.testing", False),
    ("testing.server", "isa_mockserver.app", True),
]


@pytest.mark.parametrize(("name", "target", "allowed"), SDK_IMPORTS)
def test_sdk_directions_are_judged(name: str, target: str, allowed: bool) -> None:
    module = _module(f"import {target}", f"isa_user.{name}")
    assert (not list(directions.check_directions(module, SDK))) == allowed


@pytest.mark.parametrize(("name", "target", "allowed"), SERVER_IMPORTS)
def test_server_directions_are_judged(name: str, target: str, allowed: bool) -> None:
    module = _module(f"import {target}", f"isa_mockserver.{name}")
    assert (not list(directions.check_directions(module, SERVER))) == allowed


def test_relative_imports_are_resolved_before_they_are_judged() -> None:
    module = _module("from ..payments import model", "isa_mockserver.services.wallets.service")
    assert list(directions.check_directions(module, SERVER))


def test_a_module_without_a_place_in_the_architecture_is_reported() -> None:
    assert list(directions.check_directions(_module("x = 1", "isa_user.helpers"), SDK))


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("isa_user.models.wallet", "import httpx"),
        ("isa_user._core", "from httpx import Client"),
        ("isa_user._core", "def f():\n    import httpx"),
        ("isa_user._transport", "import isa_mockserver"),
        ("isa_user._transport", "if TYPE_CHECKING:\n    import isa_mockserver"),
        ("isa_mockserver.app", "from isa_user import PaymentClient"),
    ],
)
def test_a_library_in_the_wrong_part_is_reported(name: str, line: str) -> None:
    package = name.partition(".")[0]
    assert list(directions.check_libraries(_module(line, name), ONLY_IN[package]))


def test_the_part_that_owns_a_library_may_import_it() -> None:
    assert not list(
        directions.check_libraries(_module("import httpx", "isa_user._transport"), ONLY_IN["isa_user"])
    )


@pytest.mark.parametrize("part", ["model", "views", "service"])
@pytest.mark.parametrize("library", ["starlette.requests", "pydantic"])
def test_a_web_library_in_the_core_of_a_slice_is_reported(part: str, library: str) -> None:
    module = _module(f"import {library}", f"isa_mockserver.services.wallets.{part}")
    assert list(directions.check_never_in(module, NEVER_IN))


def test_anything_but_the_standard_library_in_the_kernel_is_reported() -> None:
    check = directions.check_standard_library_only
    assert list(check(_module("import pydantic", "isa_mockserver.kernel.money"), STANDARD_LIBRARY_ONLY))
    assert not list(check(_module("import decimal", "isa_mockserver.kernel.money"), STANDARD_LIBRARY_ONLY))
    assert not list(check(_module("import pydantic", "isa_mockserver.web.x"), STANDARD_LIBRARY_ONLY))


def test_a_circle_of_imports_is_reported() -> None:
    a, b = _module("import isa_user.b", "isa_user.a"), _module("from isa_user.a import x", "isa_user.b")
    assert list(check_cycles([a, b]))
    assert not list(check_cycles([a, _module("", "isa_user.b")]))


@pytest.mark.parametrize("later", ["if TYPE_CHECKING:", "def f():"])
def test_an_import_that_runs_later_closes_no_circle(later: str) -> None:
    a = _module("import isa_user.b", "isa_user.a")
    b = _module(f"{later}\n    import isa_user.a", "isa_user.b")
    assert not list(check_cycles([a, b]))
