"""The pytest plugin: fixtures that serve the reference server, a marker, and what a failed test shows of it.

It imports the standard library and pytest alone; the server is loaded by the first test that asks for it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from importlib.util import find_spec
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from isa_user import IsaUser, SyncIsaUser

    from .sandbox import Sandbox
    from .server import MockServer
    from .session import LiveSandbox, LiveSession

MARKER = (
    "isa(seed=, clock=, faults=, user=): how the reference server starts for this test: the fixture ('none', "
    "'demo' or a file), where its frozen clock stands (RFC 3339, or a date), faults as "
    "`MockServer.faults.add` takes them, and whose clients `isa_clients` and `sync_isa_clients` are"
)
_ASYNC_HINT = (
    "nothing runs this async test: mark it with @pytest.mark.anyio (the plugin comes with isa-user), "
    "or with @pytest.mark.asyncio where pytest-asyncio is installed"
)
_NEEDED = ("starlette", "uvicorn", "click", "respx")
_KNOWN = frozenset({"seed", "clock", "faults", "user"})
_BOXES: pytest.StashKey[list[Sandbox]] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", MARKER)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what was asked and what happened, where a test with a server fails."""
    report = yield
    if report.failed and _BOXES in item.stash:
        from .report import sections

        for box in item.stash[_BOXES]:
            report.sections += sections(box)
    return report


def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """Say what an async test needs. What could run it was there before, or has left its marker."""
    asks = {"isa_clients", "isa_server", "isa_live_server"} & set(pyfuncitem.fixturenames)
    driven = pyfuncitem.get_closest_marker("anyio") or pyfuncitem.get_closest_marker("trio")
    if asks and not driven and iscoroutinefunction(pyfuncitem.obj):
        pytest.fail(_ASYNC_HINT, pytrace=False)


@pytest.fixture
def isa_server(request: pytest.FixtureRequest) -> Iterator[MockServer]:
    """A fresh server in process: empty, its clock frozen. Its ledger is proved after the test."""
    _check_installed()
    from .server import MockServer

    options, faults = _start(request)
    with MockServer(**options) as server:
        yield from _watched(request, server, faults)


@pytest.fixture
def isa_clients(request: pytest.FixtureRequest, isa_server: MockServer) -> IsaUser:
    """The five async clients of `user_1`, or of the marker's `user=`, over `isa_server`."""
    from isa_user import IsaUser

    return isa_server.client(IsaUser, user=_user(request))


@pytest.fixture
def sync_isa_clients(request: pytest.FixtureRequest, isa_server: MockServer) -> SyncIsaUser:
    """The five sync clients of `user_1`, or of the marker's `user=`, over `isa_server`."""
    from isa_user import SyncIsaUser

    return isa_server.client(SyncIsaUser, user=_user(request))


@pytest.fixture
def isa_intercept(isa_server: MockServer) -> Iterator[MockServer]:
    """`isa_server`, with every httpx call to the services' URLs answered by it, and other hosts refused."""
    with isa_server.intercept():
        yield isa_server


@pytest.fixture(scope="session")
def isa_live_session() -> Iterator[LiveSession]:
    """One server on free ports for the whole run (under xdist: of each worker)."""
    _check_installed()
    from .session import live_session

    with live_session() as session:
        yield session


@pytest.fixture
def isa_live_server(request: pytest.FixtureRequest, isa_live_session: LiveSession) -> Iterator[LiveSandbox]:
    """A sandbox of this test's own on real ports: empty. Its ledger is proved after the test."""
    options, faults = _start(request)
    with isa_live_session.sandbox(request.node.nodeid, **options) as box:
        yield from _watched(request, box, faults)


def _watched(request: pytest.FixtureRequest, box: Any, faults: Any) -> Iterator[Any]:
    """Arm the faults, remember the sandbox for the report, and prove the books at the end."""
    request.node.stash.setdefault(_BOXES, []).append(box)
    for fault in faults:
        box.faults.add(**({"effect": fault} if isinstance(fault, str) else fault))
    yield box
    report = box.ledger.check()
    if not report.ok:
        pytest.fail("the ledger does not add up:\n" + "\n".join(report.violations), pytrace=False)


def _start(request: pytest.FixtureRequest) -> tuple[dict[str, Any], Any]:
    """How the server starts, and the faults to arm in it."""
    options = _options(request)
    options.pop("user", None)
    return options, options.pop("faults", ())


def _user(request: pytest.FixtureRequest) -> str:
    return str(_options(request).get("user", "user_1"))


def _options(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What the markers say, the closest one first."""
    options: dict[str, Any] = {}
    for marker in request.node.iter_markers("isa"):
        unknown = sorted(set(marker.kwargs) - _KNOWN)
        if unknown or marker.args:
            given = ", ".join([*map(repr, marker.args), *unknown])
            pytest.fail(
                f"@pytest.mark.isa takes seed=, clock=, faults= and user=, not {given}", pytrace=False
            )
        options = {**marker.kwargs, **options}
    return options


def _check_installed() -> None:
    if any(find_spec(name) is None for name in _NEEDED):
        pytest.fail(
            'the reference server is not installed; install it with: pip install "isa-user[testing]"',
            pytrace=False,
        )
