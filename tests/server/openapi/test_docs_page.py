"""`/docs` on every port, without a network: all that the page needs comes from this server."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys

import pytest

from .subject import SERVICES, app_of, application, call

PORTS = (*SERVICES, "gateway")
MADE = application()
VENDORED = {
    "swagger-ui-bundle.js": "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2",
    "swagger-ui.css": "5ed08757e53da3e026d6cbecc61fe5d43585c9560b302d534ad56692519a273d",
}
"""The files of the npm package swagger-ui-dist 5.35.0."""


def fetch(path: str, port: str = "gateway") -> tuple[int, dict[str, str], bytes]:
    return call(app_of(MADE, port), "GET", path)


@pytest.mark.parametrize("port", PORTS)
@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
def test_page_and_document_are_open_to_everyone_on_every_port(port: str, path: str) -> None:
    status, headers, body = fetch(path, port)
    assert status == 200
    assert headers["content-type"].startswith("text/html" if path == "/docs" else "application/json")
    assert headers["x-request-id"]
    assert body


def test_everything_that_the_page_names_is_here() -> None:
    page = fetch("/docs")[2].decode()
    named = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert "/docs/swagger-ui-bundle.js" in named
    for path in named:
        assert path.startswith("/"), path
        assert fetch(path)[0] == 200, path


def test_the_page_may_load_and_call_nothing_but_its_own_origin() -> None:
    policy = fetch("/docs")[1]["content-security-policy"]
    sources = set(re.findall(r"(?:-src|default-src) ([^;]+)", policy))
    assert sources == {"'none'", "'self'", "'self' 'unsafe-inline'", "'self' data:"}
    assert "script-src 'self';" in policy


def test_own_script_and_style_name_no_other_host() -> None:
    for name in ("docs.js", "docs.css"):
        assert b"//" not in fetch(f"/docs/{name}")[2].replace(b"// Shows", b"").replace(b"// ", b"")


def test_others_work_comes_unchanged_and_with_its_licence() -> None:
    for name, digest in VENDORED.items():
        assert hashlib.sha256(fetch(f"/docs/{name}")[2]).hexdigest() == digest
    assert b"Apache License" in fetch("/docs/LICENSE")[2]
    assert b"SmartBear" in fetch("/docs/NOTICE")[2]


def test_another_path_below_docs_is_404_and_another_method_405() -> None:
    assert fetch("/docs/README.md")[0] == 404
    assert fetch("/docs/../openapi.json")[0] == 404
    status, headers, _ = call(MADE.gateway, "POST", "/docs")
    assert (status, headers["allow"]) == (405, "GET")


def test_starting_a_server_makes_no_document() -> None:
    code = (
        "import sys; from isa_mockserver.app import Settings, build; build(Settings());"
        "print([name for name in sys.modules if name.startswith('isa_mockserver.web.openapi')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_document_is_made_once() -> None:
    made = application()
    first, again = (call(made.gateway, "GET", "/openapi.json")[2] for _ in "ab")
    assert first == again
    assert json.loads(first)["info"]["title"] == "isA Payment Services"
