"""One build and two environments for all tests of the distribution."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.packaging.venvs import FreshVenv, closure, make_venv

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def project() -> dict[str, Any]:
    """The `[project]` table of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source distribution, the wheel built from the latter."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    return next(built.glob("*.whl"))


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> FreshVenv:
    """The wheel and nothing else."""
    return make_venv(tmp_path_factory.mktemp("bare") / "venv", wheel)


@pytest.fixture(scope="session")
def sdk_only(tmp_path_factory: pytest.TempPathFactory, wheel: Path, project: dict[str, Any]) -> FreshVenv:
    """The wheel with its hard dependencies: what `pip install isa-user` gives."""
    needed = closure(Requirement(text).name for text in project["dependencies"])
    return make_venv(tmp_path_factory.mktemp("sdk") / "venv", wheel, needed)
