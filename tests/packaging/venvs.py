"""Fresh virtual environments that hold a wheel and chosen distributions of the current environment."""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement


@dataclass(frozen=True)
class FreshVenv:
    """A virtual environment that sees nothing of ours but what was put into it."""

    root: Path

    @property
    def python(self) -> Path:
        return self.root / "bin" / "python"

    @property
    def packages(self) -> Path:
        return next((self.root / "lib").glob("python*")) / "site-packages"

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Runs a command without inherited Python settings; its result, whatever the status."""
        environment = {"PATH": f"{self.root / 'bin'}:/usr/bin:/bin", "HOME": str(self.root)}
        return subprocess.run(
            [str(part) for part in command],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def python_code(self, code: str) -> subprocess.CompletedProcess[str]:
        return self.run(self.python, "-W", "error", "-c", code)


def make_venv(root: Path, wheel: Path, borrowed: Iterable[str] = ()) -> FreshVenv:
    """A new environment with the wheel alone, plus these distributions linked from the current one.

    Linking needs no package index, and only what the metadata asks for comes along.
    """
    venv.create(root, with_pip=False)
    fresh = FreshVenv(root)
    install = ["--python", fresh.python, "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run([sys.executable, "-m", "pip", *map(str, install)], check=True, timeout=120)
    for dist in borrowed:
        _link(distribution(dist), fresh.packages)
    return fresh


def closure(names: Iterable[str]) -> set[str]:
    """These distributions and all that they need, extras left out."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_needed(distribution(name).requires or ()))
    return found


def _needed(requirements: Iterable[str]) -> Iterator[str]:
    for text in requirements:
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement.name


def _link(dist: Distribution, target: Path) -> None:
    for top in {file.parts[0] for file in dist.files or () if not file.parts[0].startswith((".", "_"))}:
        source = Path(str(dist.locate_file(top)))
        if source.exists() and not (target / top).exists():
            (target / top).symlink_to(source)
