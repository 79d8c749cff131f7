"""The pytest plugin, as a project that installs it sees it (mockserver page, In tests and notebooks)."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from isa_mockserver.testing.session import live_session, sandbox_name
from isa_user import SyncIsaUser, SyncWalletClient

pytest_plugins = ["pytester"]

STRICT = ("--strict-markers", "-p", "no:cacheprovider", "-W", "error")
BY_ENTRY_POINT = ("-p", "isa_mockserver", "-p", "asyncio", "-p", "xdist")


@pytest.fixture(autouse=True)
def no_other_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    """What else is installed here only costs time."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def _run(pytester: pytest.Pytester, source: str, *options: str) -> pytest.RunResult:
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    pytester.makepyfile(source)
    return pytester.runpytest_subprocess(*STRICT, *BY_ENTRY_POINT, *options)


def test_the_fixtures_serve_sync_async_and_intercepted_code(pytester: pytest.Pytester) -> None:
    done = _run(
        pytester,
        """
        import httpx, pytest
        from isa_user import SyncPaymentClient

        def test_server(isa_server):
            assert isa_server.events.types() == []
            isa_server.client(SyncPaymentClient).create_intent(amount=2999, currency="usd")
            assert isa_server.events.types() == ["payment.created"]

        def test_is_fresh(isa_server):
            assert isa_server.events.types() == []

        def test_sync(sync_isa_clients, isa_server):
            sync_isa_clients.wallets.get_balance()
            isa_server.requests.assert_called("get_balance", times=1, user="user_1")

        @pytest.mark.asyncio
        async def test_async(isa_clients, isa_server):
            await isa_clients.wallets.get_balance()
            isa_server.requests.assert_called("get_balance", times=1)

        def test_intercept(isa_intercept):
            with SyncPaymentClient(token="user_1") as client:
                client.create_intent(amount=2999, currency="usd")
            isa_intercept.requests.assert_called("create_intent", times=1)
            with pytest.raises(AssertionError, match="no other host"):
                httpx.get("https://example.com")

        def test_live(isa_live_server):
            answer = httpx.get(isa_live_server.url("wallets") + "/api/v1/wallets/me",
                headers={"Authorization": f"Bearer {isa_live_server.token()}"})
            assert answer.status_code == 200
            isa_live_server.requests.assert_called("get_balance", times=1, user="user_1")

        def test_live_is_fresh_too(isa_live_server):
            isa_live_server.requests.assert_not_called()
        """,
    )
    done.assert_outcomes(passed=7)


def test_the_marker_says_seed_clock_and_faults_and_the_closest_one_wins(pytester: pytest.Pytester) -> None:
    done = _run(
        pytester,
        """
        import pytest
        from isa_user import SyncWalletClient
        from isa_user.errors import ServerError

        @pytest.mark.isa(seed="demo", clock="2030-01-01T00:00:00Z")
        class TestIt:
            def test_class(self, isa_server):
                assert isa_server.clock.now().year == 2030
                wallet = isa_server.client(SyncWalletClient, user="user_456").get_balance()
                assert wallet.balances["usd"] == 15000

            @pytest.mark.isa(clock="2031-01-01T00:00:00Z")
            def test_closest(self, isa_server):
                assert isa_server.clock.now().year == 2031
                assert isa_server.client(SyncWalletClient, user="user_456").get_balance().balances["usd"]

            def test_live(self, isa_live_server):
                assert isa_live_server.clock.now().year == 2030
                wallet = isa_live_server.client(SyncWalletClient, user="user_456").get_balance()
                assert wallet.balances["usd"] == 15000

        @pytest.mark.isa(faults=["malformed", {"status": 500, "operation": "get_balance", "times": None}])
        @pytest.mark.parametrize("where", ["isa_server", "isa_live_server"])
        def test_faults(where, request):
            server = request.getfixturevalue(where)
            assert len(server.faults.all()) == 2
            with pytest.raises(Exception):
                server.client(SyncWalletClient, max_retries=0).get_balance()
            with pytest.raises(ServerError):
                server.client(SyncWalletClient, max_retries=0).get_balance()

        @pytest.mark.isa(sead="demo")
        def test_typo(isa_server):
            pass
        """,
    )
    done.assert_outcomes(passed=5, errors=1)
    done.stdout.fnmatch_lines(["*pytest.mark.isa takes seed=, clock=, faults= and user=, not sead*"])


def test_a_failure_shows_the_requests_and_the_events_and_no_secret(pytester: pytest.Pytester) -> None:
    done = _run(
        pytester,
        """
        import pytest
        from isa_user import SyncPaymentClient

        @pytest.mark.parametrize("where", ["isa_server", "isa_live_server"])
        def test_it(where, request):
            server = request.getfixturevalue(where)
            server.client(SyncPaymentClient, user="alice").create_intent(
                amount=2999, currency="usd", metadata={"token": "CAN" + "ARY"})
            assert False, "on purpose"
        """,
    )
    done.assert_outcomes(failed=2)
    done.stdout.fnmatch_lines(
        [
            "*isa requests*",
            "*POST /api/v1/payments/intent (create_intent) alice -> 201*",
            "*isa events*",
            "*payment.created  alice  pi_*",
            "*isa requests (sandbox *test_it*isa_live_server*",
            "*POST /api/v1/payments/intent (create_intent) alice -> 201*",
        ]
    )
    done.stdout.no_fnmatch_line("*CANARY*")
    done.stdout.no_fnmatch_line("*_secret_*")


def test_a_success_shows_nothing(pytester: pytest.Pytester) -> None:
    source = "def test_it(sync_isa_clients):\n    sync_isa_clients.wallets.get_balance()\n"
    done = _run(pytester, source, "-rA")
    done.assert_outcomes(passed=1)
    done.stdout.no_fnmatch_line("*isa requests*")


@pytest.mark.parametrize("where", ["isa_server", "isa_live_server"])
def test_a_ledger_that_does_not_add_up_fails_the_test(pytester: pytest.Pytester, where: str) -> None:
    done = _run(
        pytester,
        f"""
        from isa_user import SyncWalletClient

        def test_it({where}):
            {where}.client(SyncWalletClient).deposit(
                amount=5000, currency="usd", payment_method_id="pm_card_visa")
            {where}._runtime.world.ledger.balances["wallet:user_1:available", "usd"] += 1
        """,
    )
    done.assert_outcomes(passed=1, errors=1)
    assert done.ret == 1
    done.stdout.fnmatch_lines(["*the ledger does not add up:*", "*wallet:user_1:available*5001*5000*"])


def test_under_xdist_each_worker_has_one_server_and_each_test_its_sandbox(pytester: pytest.Pytester) -> None:
    """200 tests in 2 workers: none sees another."""
    done = _run(
        pytester,
        """
        import os, pathlib, pytest
        from isa_user import SyncWalletClient

        @pytest.mark.parametrize("number", range(200))
        def test_it(number, isa_live_server, isa_live_session):
            client = isa_live_server.client(SyncWalletClient)
            client.deposit(amount=500 + number, currency="usd", payment_method_id="pm_card_visa")
            assert client.get_balance().balances["usd"] == 500 + number
            isa_live_server.requests.assert_called("deposit", times=1)
            port = isa_live_session.live.ports["gateway"]
            seen = pathlib.Path(__file__).parent / os.environ["PYTEST_XDIST_WORKER"]
            seen.mkdir(exist_ok=True)
            (seen / str(port)).touch()
        """,
        "-n2",
    )
    done.assert_outcomes(passed=200)
    ports = {worker: [path.name for path in (pytester.path / worker).iterdir()] for worker in ("gw0", "gw1")}
    assert [len(each) for each in ports.values()] == [1, 1]
    assert ports["gw0"] != ports["gw1"]


def test_200_tests_in_8_threads_never_see_each_other() -> None:
    with live_session() as session, ThreadPoolExecutor(8) as threads:

        def one_test(number: int) -> tuple[int, int, int]:
            with session.sandbox(f"test_it[{number}]") as box:
                isa = box.client(SyncIsaUser)
                isa.wallets.deposit(amount=500 + number, currency="usd", payment_method_id="pm_card_visa")
                isa.subscriptions.create_subscription(plan_id="plan_pro_monthly")
                box.clock.advance(days=number % 3)
                counts = box.requests.count(), len(box.events.of("subscription.created"))
                assert box.ledger.check().ok
                return isa.wallets.get_balance().balances["usd"], *counts

        results = list(threads.map(one_test, range(200)))
        assert results == [(500 + number, 2, 1) for number in range(200)]
        assert [runtime.sandbox for runtime in session.server._runtime.sandboxes.all()] == ["default"]


def test_plain_http_and_the_environment_lead_into_the_sandbox_too() -> None:
    with live_session() as session, session.sandbox("one") as box:
        answer = httpx.get(
            f"{box.url('wallets')}/api/v1/wallets/me",
            headers={"Authorization": "Bearer user_7", **box.headers},
        )
        assert answer.status_code == 200
        code = "from isa_user import SyncWalletClient as W; print(W().get_balance().user_id)"
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=box.environment("user_8"),
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == "user_8\n"
        assert [entry.user for entry in box.requests.all()] == ["user_7", "user_8"]
        assert session.server.requests.all() == []


@pytest.mark.parametrize(
    "purpose",
    ["t.py::test_it", "t.py::test_it[ä/ö-1]", "x" * 300, "", "t.py::test_it[1]", "t.py::test_it-1-"],
)
def test_a_sandboxs_name_is_valid_readable_and_of_its_own(purpose: str) -> None:
    name = sandbox_name(purpose)
    assert 1 <= len(name) <= 64
    assert name.replace("-", "").replace("_", "").isalnum()
    assert name.isascii()
    assert name == sandbox_name(purpose) != sandbox_name(f"{purpose}!")


def test_the_plugin_alone_imports_pytest_and_the_standard_library() -> None:
    """So an installation without the server is untouched by it, and a run that does not use it unslowed."""
    code = (
        "import sys, pytest; before = set(sys.modules); import isa_mockserver.testing.plugin; "
        "loaded = {name.partition('.')[0] for name in set(sys.modules) - before}; "
        "import json; print(json.dumps(sorted(loaded)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert loaded - set(sys.stdlib_module_names) == {"isa_mockserver"}


def test_a_test_that_uses_nothing_of_it_loads_nothing_of_it(pytester: pytest.Pytester) -> None:
    done = _run(
        pytester,
        """
        import sys

        def test_it():
            assert not {"isa_mockserver.app", "isa_mockserver.web", "isa_user"} & set(sys.modules)
        """,
    )
    done.assert_outcomes(passed=1)


def test_clients_of_a_live_sandbox_are_real_ones() -> None:
    with live_session() as session, session.sandbox("one", seed="demo", clock="2030-01-01T00:00:00Z") as box:
        with box.client(SyncWalletClient, user="user_456", max_retries=0) as client:
            assert client.get_balance().balances["usd"] == 15_000
        assert box.clock.now().year == 2030


def test_an_async_test_that_nothing_runs_is_told_which_marker_it_needs(pytester: pytest.Pytester) -> None:
    done = _run(pytester, "async def test_it(isa_clients): pass")
    done.stdout.fnmatch_lines(["*mark it with @pytest.mark.anyio*"])


def test_the_marker_says_whose_clients_they_are(pytester: pytest.Pytester) -> None:
    done = _run(
        pytester,
        """
        import pytest

        @pytest.mark.isa(user="user_ada")
        def test_it(isa_server, sync_isa_clients):
            sync_isa_clients.wallets.get_balance()
            isa_server.requests.assert_called("get_balance", user="user_ada")
        """,
    )
    done.assert_outcomes(passed=1)
