"""A user's type checker sees the whole public surface (SDK page, "Typing")."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.packaging.venvs import FreshVenv


def _verify(python: str, cwd: str) -> dict[str, Any]:
    options = ["--verifytypes", "isa_user", "--ignoreexternal", "--outputjson", "--pythonpath", python]
    command = [sys.executable, "-m", "pyright", *options]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=180, check=False)
    completeness: dict[str, Any] = json.loads(done.stdout)["typeCompleteness"]
    return completeness


def test_the_public_types_of_the_wheel_are_complete(sdk_only: FreshVenv) -> None:
    report = _verify(str(sdk_only.python), str(sdk_only.root))
    exported = [symbol for symbol in report["symbols"] if symbol["isExported"]]
    assert not [symbol["name"] for symbol in exported if not symbol["isTypeKnown"]]
    assert report["completenessScore"] == 1
    assert report["exportedSymbolCounts"]["withKnownType"] > 20
