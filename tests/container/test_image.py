"""The container image, as far as it can be held to its promises without building it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from isa_mockserver.cli.group import cli
from isa_mockserver.cli.serve import serve
from isa_mockserver.serve.ports import DOCUMENTED
from isa_mockserver.testing import MockServer

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "mockserver" / "Dockerfile"
PORTS = sorted(DOCUMENTED.values())


def instructions() -> list[tuple[str, str]]:
    """Keyword and arguments of every instruction, continuation lines joined, comments left out."""
    lines = [line for line in DOCKERFILE.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    joined = re.sub(r"\\\n", " ", "\n".join(lines))
    found = (line.split(None, 1) for line in joined.splitlines() if line.strip())
    return [(keyword, " ".join(arguments.split())) for keyword, arguments in found]


def last(keyword: str) -> str:
    return [arguments for name, arguments in instructions() if name == keyword][-1]


def command_of(text: str) -> list[str]:
    """The words of an instruction in exec form."""
    words: list[str] = json.loads(text[text.index("[") :])
    return words


def compose() -> Mapping[str, Any]:
    document: Mapping[str, Any] = yaml.safe_load(
        DOCKERFILE.with_name("compose.yaml").read_text(encoding="utf-8")
    )
    service: Mapping[str, Any] = document["services"]["isa-mockserver"]
    return service


def assert_serves_everywhere(words: list[str]) -> None:
    """The words are options that `isa-mockserver serve` takes, and it listens on every address."""
    assert words[0] == "serve"
    context = serve.make_context("serve", words[1:])
    assert context.params["host"] == "0.0.0.0"


def test_it_does_not_run_as_root() -> None:
    user, _, group = last("USER").partition(":")
    assert int(user) > 0
    assert int(group) > 0


def test_it_exposes_every_documented_port_and_the_gateway() -> None:
    assert sorted(int(port) for port in last("EXPOSE").split()) == PORTS


def test_it_starts_the_server_with_options_that_exist() -> None:
    assert command_of(last("ENTRYPOINT")) == ["isa-mockserver"]
    assert_serves_everywhere(command_of(last("CMD")))
    environment = dict(re.findall(r"(\w+)=(\S+)", last("ENV")))
    assert environment["ISA_MOCKSERVER_ALLOW_REMOTE"] == "1"


def test_its_health_command_tells_a_healthy_server_from_none() -> None:
    words = command_of(last("HEALTHCHECK"))
    assert words[0] == "isa-mockserver"
    assert words[1] in cli.commands
    run = [sys.executable, "-m", "isa_mockserver", *words[1:]]
    with MockServer() as server, server.serve() as live:
        environment = {**os.environ, "ISA_MOCKSERVER_URL": live.url()}
        up = subprocess.run(run, env=environment, capture_output=True, text=True, check=False, timeout=30)
    down = subprocess.run(run, env=environment, capture_output=True, text=True, check=False, timeout=30)
    assert (up.returncode, up.stderr) == (0, "")
    assert re.fullmatch(r"gateway \S+ is healthy\n", up.stdout)
    assert down.returncode == 1
    assert down.stderr.startswith("Error: No server answers at ")


def test_what_it_copies_is_there_and_reaches_the_builder() -> None:
    let_through = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    copied = [word for name, words in instructions() if name == "COPY" for word in words.split()[:-1]]
    for source in copied:
        assert (ROOT / source.removeprefix("./")).exists()
        assert source.removeprefix("./") in let_through


def test_compose_builds_the_same_image_and_publishes_to_this_machine_only() -> None:
    service = compose()
    build = DOCKERFILE.parent / service["build"]["context"]
    assert (build / service["build"]["dockerfile"]).resolve() == DOCKERFILE.resolve()
    published = [mapping.split(":") for mapping in service["ports"]]
    assert {address for address, _, _ in published} == {"127.0.0.1"}
    assert sorted(int(port) for _, port, _ in published) == PORTS
    assert all(outside == inside for _, outside, inside in published)
    assert_serves_everywhere(service["command"])


def test_compose_keeps_state_in_the_volume_that_the_image_prepares() -> None:
    service = compose()
    data = service["command"][service["command"].index("--data") + 1]
    assert Path(data).parent.as_posix() == last("VOLUME")
    assert [mount.split(":")[1] for mount in service["volumes"]] == [last("VOLUME")]
