"""What `pip install isa-user` gives (architecture page, first section)."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.packaging.conftest import ROOT
from tests.packaging.venvs import FreshVenv

INSTALL = 'pip install "isa-user[mockserver]"'


def _names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_sdk_needs_three_libraries_and_no_more(project: dict[str, Any]) -> None:
    assert {Requirement(text).name for text in project["dependencies"]} == {"anyio", "httpx", "pydantic"}


def test_the_wheel_carries_every_module_of_both_packages(wheel: Path) -> None:
    trees = {ROOT / "src" / "isa_user", ROOT / "mockserver" / "isa_mockserver"}
    ours = {path.relative_to(tree.parent).as_posix() for tree in trees for path in tree.rglob("*.py")}
    assert ours <= _names(wheel)


def test_both_packages_are_marked_as_typed(wheel: Path) -> None:
    assert {"isa_user/py.typed", "isa_mockserver/py.typed"} <= _names(wheel)


def test_the_wheel_carries_the_licence_and_no_tests(wheel: Path) -> None:
    names = _names(wheel)
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "scripts/", "examples/"))]


def test_the_source_distribution_can_be_tested(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "mkdocs.yml", "scripts/test"} <= names
    assert "tests/contract/payments.md" in names


def test_the_package_imports_without_any_dependency(bare: FreshVenv) -> None:
    done = bare.python_code("import isa_user; print(isa_user.__version__)")
    assert (done.returncode, done.stdout) == (0, "0.1.0\n"), done.stderr


@pytest.mark.parametrize("start", [["isa-mockserver"], ["python", "-m", "isa_mockserver"]])
def test_the_server_without_its_extra_says_what_to_install(sdk_only: FreshVenv, start: list[str]) -> None:
    done = sdk_only.run(sdk_only.root / "bin" / start[0], *start[1:])
    assert done.returncode == 1
    assert INSTALL in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_public_names_import_with_the_hard_dependencies_alone(sdk_only: FreshVenv) -> None:
    code = "import isa_user as i; [getattr(i, name) for name in i.__all__]; print(len(i.__all__))"
    done = sdk_only.python_code(code)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20


def test_importing_the_package_loads_neither_models_nor_transport(sdk_only: FreshVenv) -> None:
    code = "import sys, isa_user; print(sorted({'httpx', 'pydantic', 'anyio', 'asyncio'} & set(sys.modules)))"
    assert sdk_only.python_code(code).stdout == "[]\n"


def test_the_version_is_that_of_the_project(project: dict[str, Any], bare: FreshVenv) -> None:
    code = "import isa_user, importlib.metadata as m; print(isa_user.__version__, m.version('isa-user'))"
    assert bare.python_code(code).stdout == f"{project['version']} {project['version']}\n"
