"""The source keeps the architecture's promises (architecture page, "House rules" and import directions)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase

import pytest

from tests.tidy import checks, directions
from tests.tidy.cycles import check_cycles
from tests.tidy.layers import NEVER_IN, ONLY_IN, SDK, SERVER, STANDARD_LIBRARY_ONLY
from tests.tidy.source import PACKAGES, ROOT, Finding, Module, read_package

MODULES = {package: read_package(package) for package in PACKAGES}
WRITTEN = [m for modules in MODULES.values() for m in modules if "_sync" not in m.name.split(".")]
PARTS = {"isa_user": SDK, "isa_mockserver": SERVER}

# Where the clock and randomness come in; everywhere else they are arguments.
INPUT_DOORS = (
    "isa_mockserver.kernel.clock",
    "isa_mockserver.kernel.ids",
    "isa_user._core._async_core",
    "isa_user._core._settings",
    "isa_user._core._sync_core",
    "isa_user._flow",
    "isa_user._transport._deadline",
    "isa_user.webhooks._now",
    "isa_user.webhooks._secrets",
    "isa_user._request",
)
CORE = ("kernel", "services.*.service")
MONEY = ("kernel.money", "kernel.ledger", "services.*.service", "services.*.model", "*.proration")


def _server_parts(*patterns: str) -> list[Module]:
    wanted = [each for pattern in patterns for each in (pattern, f"{pattern}.*")]
    modules = [m for m in MODULES["isa_mockserver"] if any(fnmatchcase(m.inner, each) for each in wanted)]
    assert modules, f"no module is called {patterns}"
    return modules


def _expect_nothing(modules: Iterable[Module], check: Callable[[Module], Iterable[Finding]]) -> None:
    found = [str(finding) for module in modules for finding in check(module)]
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_the_packages_are_there_to_be_read() -> None:
    assert len(MODULES["isa_user"]) > 10
    assert len(MODULES["isa_mockserver"]) > 20


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_follow_the_directions_of_the_architecture(package: str) -> None:
    _expect_nothing(MODULES[package], lambda m: directions.check_directions(m, PARTS[package]))


@pytest.mark.parametrize("package", PACKAGES)
def test_no_modules_import_each_other_in_a_circle(package: str) -> None:
    assert not [str(finding) for finding in check_cycles(MODULES[package])]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_library_is_imported_only_where_it_belongs(package: str) -> None:
    _expect_nothing(MODULES[package], lambda m: directions.check_libraries(m, ONLY_IN[package]))


def test_the_core_of_a_slice_knows_no_web_library() -> None:
    _expect_nothing(MODULES["isa_mockserver"], lambda m: directions.check_never_in(m, NEVER_IN))


def test_the_kernel_uses_the_standard_library_only() -> None:
    modules = MODULES["isa_mockserver"]
    _expect_nothing(modules, lambda m: directions.check_standard_library_only(m, STANDARD_LIBRARY_ONLY))


def test_clock_and_randomness_come_in_at_the_named_doors_only() -> None:
    _expect_nothing((m for m in WRITTEN if m.name not in INPUT_DOORS), checks.check_hidden_inputs)


def test_the_core_never_suspends() -> None:
    _expect_nothing(_server_parts(*CORE), checks.check_never_suspends)


def test_money_code_has_no_float_and_no_true_division() -> None:
    _expect_nothing(_server_parts(*MONEY), checks.check_whole_numbers)


@pytest.mark.parametrize(
    "check",
    [checks.check_sizes, checks.check_docstring, checks.check_paths, checks.check_all],
    ids=["short files and functions", "module docstrings", "no machine paths", "__all__ sorted and complete"],
)
def test_every_file_is_tidy(check: Callable[[Module], Iterator[Finding]]) -> None:
    _expect_nothing(WRITTEN, check)


def test_the_sync_twin_is_in_step_with_its_async_source() -> None:
    command = [sys.executable, "scripts/sync_twin.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
