"""Something is missing: the command says in one sentence what (quality page, "Two commands")."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ["demo", "test"]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """As much of a fresh clone as the commands need to find out that something is missing."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _run(clone: Path, command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(clone / "scripts" / command)],
        cwd="/",
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _program(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def _one_sentence(done: subprocess.CompletedProcess[str], command: str) -> str:
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 1
    assert len(lines) == 1
    assert lines[0].startswith(f"scripts/{command}: ")
    assert lines[0].endswith(".")
    return lines[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_without_python_the_command_names_it(clone: Path, command: str) -> None:
    assert "Python 3.11" in _one_sentence(_run(clone, command, PYTHON="no-such-python"), command)


@pytest.mark.parametrize("command", COMMANDS)
def test_with_an_old_python_the_command_names_the_version(clone: Path, command: str) -> None:
    old = _program(clone, "old-python", "exit 1")
    assert "Python 3.11" in _one_sentence(_run(clone, command, PYTHON=str(old)), command)


@pytest.mark.parametrize("command", COMMANDS)
def test_without_the_venv_module_the_command_names_it(clone: Path, command: str) -> None:
    half = _program(clone, "half-python", 'test "$1" = -c')
    assert "python3-venv" in _one_sentence(_run(clone, command, PYTHON=str(half)), command)


def test_without_a_package_index_the_command_says_so_after_the_installers_last_words(clone: Path) -> None:
    offline = {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": "",
        "PIP_EXTRA_INDEX_URL": "",
        "PIP_CONFIG_FILE": os.devnull,
    }
    done = _run(clone, "demo", **offline)
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1
    assert last.startswith("scripts/demo: installing isa-user[mockserver]")
    assert "package index" in last
