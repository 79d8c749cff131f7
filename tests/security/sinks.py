"""Where secrets could show: the collection of all that was seen, and the places that are looked into."""

from __future__ import annotations

import pickle
import sqlite3
import subprocess
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread

from isa_user import Webhook, WebhookVerificationError
from tests.security import canaries as c
from tests.server.web.processes import FREE_PORTS, command, environment

VERIFYING = ("--auth", "verify", "--log-level", "debug", "--clock", "2024-01-28T10:00:00Z")
MY_SECRETS = {"ISA_MOCKSERVER_JWT_SECRET": c.JWT_SECRET, "ISA_MOCKSERVER_WEBHOOK_SECRET": c.WEBHOOK_SECRET}

_ADDING = Lock()


@dataclass
class Seen:
    """What each sink showed, and the client secret that the server made."""

    sinks: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=lambda: dict(c.SECRETS))

    def add(self, sink: str, *texts: object) -> None:
        more = "\n".join(str(text) for text in texts)
        with _ADDING:
            self.sinks[sink] = f"{self.sinks.get(sink, '')}\n{more}"

    def shows(self, secret: str, sink: str) -> bool:
        return self.secrets[secret] in self.sinks[sink]


def see_error(seen: Seen, error: BaseException) -> None:
    """Write down an error in every form that is for looking, and its pickle."""
    chain = "".join(traceback.format_exception(error))
    seen.add("errors of the SDK", str(error), repr(error), error.args, vars(error), chain)
    seen.add("pickled errors of the SDK", pickle.dumps(error).decode("latin-1"))


@contextmanager
def receiver(seen: Seen) -> Iterator[str]:
    """A receiver of webhooks that writes down what comes; gives its address."""

    class Inbox(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            seen.add("webhook bodies", body.decode())
            seen.add("webhook headers", self.headers)
            try:
                seen.add("events of the SDK", repr(Webhook(c.WEBHOOK_SECRET).verify(body, self.headers)))
                Webhook(c.WEBHOOK_SECRET).verify(body + b" ", self.headers)
            except WebhookVerificationError as error:
                see_error(seen, error)
            self.send_response(204)
            self.end_headers()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Inbox) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hooks"
        server.shutdown()


def open_files(folder: Path) -> list[str]:
    """The bytes of the state file, its log and its lock, while the server has them open."""
    return [path.read_bytes().decode("latin-1") for path in sorted(folder.glob("state.db*"))]


def rows(file: Path) -> list[str]:
    """What the file holds once it is closed, unpacked by SQLite."""
    connection = sqlite3.connect(file)
    try:
        return [str(row) for row in connection.execute("SELECT * FROM record")]
    finally:
        connection.close()


def banner(folder: Path) -> str:
    """What a server prints that is started by hand with these secrets."""
    arguments = (*FREE_PORTS, *VERIFYING, "--webhook", "http://127.0.0.1:9/hooks")
    process = subprocess.Popen(
        command("serve", *arguments),
        env=environment(**MY_SECRETS),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        while "Ctrl-C stops" not in lines[-1]:
            assert lines[-1], lines
            lines.append(process.stdout.readline())
        return "".join(lines)
    finally:
        process.kill()
        process.communicate()
