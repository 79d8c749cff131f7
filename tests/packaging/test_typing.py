"""A user's type checker sees the whole public surface (SDK page, "Typing")."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from tests.packaging.venvs import FreshVenv


def _verify(fresh: FreshVenv) -> dict[str, Any]:
    # Pyright takes the first python on PATH here; it leaves --pythonpath aside with --verifytypes.
    environment = {**os.environ, "PATH": f"{fresh.python.parent}{os.pathsep}{os.environ['PATH']}"}
    options = ["--verifytypes", "isa_user", "--ignoreexternal", "--outputjson"]
    done = subprocess.run(
        [sys.executable, "-m", "pyright", *options],
        cwd=fresh.root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    completeness: dict[str, Any] = json.loads(done.stdout)["typeCompleteness"]
    return completeness


def test_the_public_types_of_the_wheel_are_complete(sdk_only: FreshVenv) -> None:
    report = _verify(sdk_only)
    exported = [symbol for symbol in report["symbols"] if symbol["isExported"]]
    assert not [symbol["name"] for symbol in exported if not symbol["isTypeKnown"]]
    assert report["completenessScore"] == 1
    assert report["exportedSymbolCounts"]["withKnownType"] > 20
