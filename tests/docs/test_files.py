"""The files that pages tell their readers to save work as told: the tests among them pass under pytest.

A block is a file when a comment above it says `file: NAME`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.test_snippets import PAGES
from tests.fences import blocks


def _files(page: Path) -> dict[str, str]:
    found = blocks(page.read_text(encoding="utf-8"))
    return {block.remark.removeprefix("file: "): block.text for block in found if _is_file(block.remark)}


def _is_file(remark: str) -> bool:
    return remark.startswith("file: ")


WITH_TESTS = [page for page in PAGES if any(name.startswith("test_") for name in _files(page))]


def test_the_pages_with_test_files_are_found() -> None:
    assert {"quickstart.md", "testing.md"} <= {page.name for page in WITH_TESTS}


@pytest.mark.parametrize("page", WITH_TESTS, ids=lambda page: page.name)
def test_the_readers_own_tests_pass(page: Path, tmp_path: Path) -> None:
    files = _files(page)
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    outside = {name: value for name, value in os.environ.items() if not name.startswith("ISA_USER_")}
    # The other plugins of a developer's environment cost seconds; ours is what an installation loads.
    outside["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    options = ["-q", "-W", "error", "-p", "no:cacheprovider", "-p", "anyio.pytest_plugin"]
    options += ["-p", "isa_mockserver.testing.plugin"]
    command = [sys.executable, "-m", "pytest", *options, str(tmp_path)]
    done = subprocess.run(
        command, cwd=tmp_path, env=outside, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout
    written = sum(len(re.findall(r"^(?:async )?def test_", text, re.MULTILINE)) for text in files.values())
    found = re.search(r"(\d+) passed", done.stdout)
    assert found is not None
    assert int(found[1]) >= written
    # Where the page says how many pass, so many do.
    promised = re.findall(r"^```text\n(\d+ passed)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert promised in ([], [found[0]])
