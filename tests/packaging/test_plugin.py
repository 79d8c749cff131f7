"""An installation without the server's libraries keeps its pytest as it was (mockserver page)."""

from __future__ import annotations

from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.packaging.venvs import FreshVenv, closure, make_venv


@pytest.fixture(scope="module")
def sdk_and_pytest(
    tmp_path_factory: pytest.TempPathFactory, wheel: Path, project: dict[str, Any]
) -> FreshVenv:
    """What `pip install isa-user pytest` gives."""
    needed = {*closure(Requirement(text).name for text in project["dependencies"]), *closure(["pytest"])}
    fresh = make_venv(tmp_path_factory.mktemp("plugin") / "venv", wheel, needed)
    private = Path(str(distribution("pytest").locate_file("_pytest")))
    (fresh.packages / private.name).symlink_to(private)
    return fresh


def _run(fresh: FreshVenv, source: str) -> tuple[int, str]:
    (fresh.root / "test_it.py").write_text(source, encoding="utf-8")
    done = fresh.run(
        fresh.python,
        "-W",
        "error",
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "--strict-markers",
        "test_it.py",
    )
    return done.returncode, done.stdout + done.stderr


def test_tests_that_do_not_use_it_pass_and_load_no_library_of_it(sdk_and_pytest: FreshVenv) -> None:
    source = """
import sys

def test_it(request):
    assert request.config.pluginmanager.hasplugin("isa_mockserver")
    assert not {"starlette", "pydantic", "httpx", "isa_user", "isa_mockserver.web"} & set(sys.modules)
"""
    status, output = _run(sdk_and_pytest, source)
    assert status == 0, output
    assert "1 passed" in output, output


def test_a_test_that_uses_it_is_told_in_one_sentence_what_to_install(sdk_and_pytest: FreshVenv) -> None:
    status, output = _run(sdk_and_pytest, "def test_it(isa_server):\n    pass\n")
    assert status == 1
    assert 'the reference server is not installed; install it with: pip install "isa-user[testing]"' in output
    assert "Traceback" not in output
