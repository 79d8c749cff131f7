"""The sync twin follows its async source (architecture page, "SDK")."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from scripts import sync_twin


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of one async module, which uses both rows of the table."""
    for folder in ("_async", "_sync"):
        (tmp_path / folder).mkdir()
    (tmp_path / "_async" / "thing.py").write_text(SOURCE)
    monkeypatch.setattr(sync_twin, "ROOT", tmp_path)
    monkeypatch.setattr(sync_twin, "PACKAGES", (tmp_path,))
    monkeypatch.setattr(sync_twin, "NAMES", {"AsyncCore": "SyncCore", "aclose": "close"})
    monkeypatch.setattr(sync_twin, "PHRASES", {"async things": "sync things"})
    return tmp_path


SOURCE = '''"""About async things.

    async with thing as t:
        await t.aclose()
"""


class Thing:
    core: AsyncCore  # an AsyncCore, await it

    async def aclose(self) -> None:
        await self.core.aclose()
        note = "async things await"
        async with self.core as one, self.core:
            return [each async for each in one]
'''
TWIN = '''"""About sync things.

    with thing as t:
        t.close()
"""


class Thing:
    core: SyncCore  # an AsyncCore, await it

    def close(self) -> None:
        self.core.close()
        note = "sync things await"
        with self.core as one, self.core:
            return [each for each in one]
'''


def test_the_committed_twin_is_in_step() -> None:
    assert sync_twin.problems(*sync_twin.twins()) == []


def test_code_and_docstrings_are_rewritten_and_layout_and_comments_stay(package: Path) -> None:
    assert sync_twin.main([]) == 0
    made = (package / "_sync" / "thing.py").read_text()
    assert made.startswith("# Made by scripts/sync_twin.py from _async/thing.py")
    assert made.endswith("# fmt: off\n" + TWIN)


def test_check_passes_right_after_writing_and_writes_nothing(package: Path) -> None:
    assert sync_twin.main(["--check"]) == 1
    assert not (package / "_sync" / "thing.py").exists()
    sync_twin.main([])
    assert sync_twin.main(["--check"]) == 0


def test_check_fails_on_drift(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sync_twin.main([])
    twin = package / "_sync" / "thing.py"
    twin.write_text(twin.read_text() + "\n")
    assert sync_twin.main(["--check"]) == 1
    assert "drift: _sync/thing.py" in capsys.readouterr().err


def test_check_fails_on_an_orphan(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sync_twin.main([])
    (package / "_sync" / "left_over.py").write_text("")
    assert sync_twin.main(["--check"]) == 1
    assert "orphan: _sync/left_over.py" in capsys.readouterr().err


def test_check_fails_on_a_substitution_that_nothing_uses(
    package: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sync_twin, "NAMES", {**sync_twin.NAMES, "AsyncGhost": "SyncGhost"})
    assert sync_twin.main([]) == 1
    assert "unused substitution: AsyncGhost" in capsys.readouterr().err


def test_no_word_of_the_other_colour_is_left_in_the_twin() -> None:
    module: ModuleType = sync_twin
    for path, text in module.twins()[0].items():
        body = text.partition("# fmt: off\n")[2]
        words = {"await", "async", "Async", "aclose"}
        assert [word for word in words if word in body] == [], path.name
