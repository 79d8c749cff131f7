"""The notebooks run from top to bottom, and print what they have saved."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.notebooks import FOLDER, load, notebooks, printed


def test_the_notebooks_print_what_they_have_saved() -> None:
    """In a process of its own: what a kernel's machinery warns about is not this project's."""
    command = [sys.executable, "-m", "scripts.notebooks", "--check"]
    done = subprocess.run(
        command, cwd=FOLDER.parents[1], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_saved_notebook_has_its_outputs_and_pictures(path: Path) -> None:
    saved = load(path)
    run = [cell.execution_count for cell in saved.cells if cell.cell_type == "code"]
    assert run == list(range(1, len(run) + 1))
    assert printed(saved).count("a picture") >= 3
