"""Runs the page's commands in a shell, in page order, as a reader pastes them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.local_server import LocalServer
from tests.contract.page import Curl, Page

# Settings go into curl's own file, so that the command itself stays as printed.
CURLRC = 'silent\nshow-error\nmax-time = 20\nwrite-out = "\\n%{http_code} %{content_type}"\n'


@dataclass(frozen=True)
class Answer:
    """What a command printed, taken apart."""

    status: int
    content_type: str
    body: dict[str, Any]


def run_page(page: Page, server: LocalServer, home: Path) -> Mapping[str, Answer]:
    """Every command of the page once, in order; the answers by heading."""
    (home / ".curlrc").write_text(CURLRC, encoding="utf-8")
    return {curl.heading: _run(curl, server, home) for curl in page.curls}


def _run(curl: Curl, server: LocalServer, home: Path) -> Answer:
    command = server.localise(curl.text)
    environment = {**os.environ, "CURL_HOME": str(home), "HOME": str(home), "NO_PROXY": "localhost"}
    done = subprocess.run(
        ["bash", "-euc", command], env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, f"{curl.heading}: {done.stderr}"
    text, _, last = done.stdout.rpartition("\n")
    status, _, content_type = last.partition(" ")
    return Answer(int(status), content_type, json.loads(text))
