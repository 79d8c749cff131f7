"""The control API answers to this machine, and to no web page (mockserver page, Control API)."""

from __future__ import annotations

import pytest

from isa_mockserver.kernel.errors import DomainError
from isa_mockserver.web.guard import check_local


def code_of(*headers: tuple[str, str], allowed: tuple[str, ...] = ()) -> str:
    """`forbidden_host`, or `allowed`."""
    try:
        check_local([(name.encode(), value.encode("latin-1")) for name, value in headers], allowed)
    except DomainError as error:
        return error.code
    return "allowed"


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8200",
        "LOCALHOST:8207",
        "127.0.0.1",
        "127.0.0.1:8200",
        "127.9.9.9:1",
        "[::1]:8200",
    ],
)
def test_loopback_names_and_addresses_are_this_machine(host: str) -> None:
    assert code_of(("host", host)) == "allowed"


@pytest.mark.parametrize(
    "host",
    [
        *(
            "evil.example",
            "evil.example:8200",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "localhost.",
        ),
        *(
            "",
            "192.168.1.5:8200",
            "0.0.0.0:8200",
            "[::2]:8200",
            "::1",
            "[::1",
            "localhost:",
            "localhost:99999",
        ),
        *(
            "localhost:8200@evil.example",
            "evil.example#localhost",
            "localhost/",
            "2130706433",
            "127.1",
            "0x7f.1",
        ),
        *("localhost, evil.example", "[::ffff:evil]", "locälhost", "[127.0.0.1%25]"),
    ],
)
def test_a_foreign_host_is_refused(host: str) -> None:
    """DNS rebinding: the page's own name resolves to 127.0.0.1, but the Host header still says it."""
    assert code_of(("host", host)) == "forbidden_host"


def test_a_refusal_is_403() -> None:
    with pytest.raises(DomainError) as refused:
        check_local([(b"host", b"evil.example")])
    assert refused.value.status == 403


def test_a_missing_or_repeated_host_is_refused() -> None:
    assert code_of() == "forbidden_host"
    assert code_of(("host", "localhost"), ("host", "evil.example")) == "forbidden_host"
    assert code_of(("host", "localhost"), ("host", "localhost")) == "forbidden_host"


def test_a_name_can_be_allowed() -> None:
    """--allow-host NAME, whatever the port and the case."""
    assert code_of(("host", "Mock.internal:8200"), allowed=("mock.internal",)) == "allowed"
    assert code_of(("host", "sub.mock.internal"), allowed=("mock.internal",)) == "forbidden_host"


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:8200",
        "http://localhost:3000",
        "https://localhost",
        "http://127.0.0.1:8200",
        "http://[::1]:1",
    ],
)
def test_pages_of_this_machine_may_call(origin: str) -> None:
    assert code_of(("host", "localhost:8200"), ("origin", origin)) == "allowed"


@pytest.mark.parametrize(
    "origin",
    [
        *("null", "", "http://evil.example", "https://localhost.evil.example", "file://", "localhost:8200"),
        *("chrome-extension://localhost", "http://localhost@evil.example", "http://localhost/", "http://"),
    ],
)
def test_pages_of_other_sites_may_not_call(origin: str) -> None:
    assert code_of(("host", "localhost:8200"), ("origin", origin)) == "forbidden_host"


@pytest.mark.parametrize(
    ("site", "code"),
    [
        *(("none", "allowed"), ("same-origin", "allowed"), ("same-site", "allowed")),
        *(("cross-site", "forbidden_host"), ("", "forbidden_host"), ("anything", "forbidden_host")),
    ],
)
def test_what_a_browser_says_of_the_site_counts(site: str, code: str) -> None:
    """A GET from an <img> has no Origin, but Sec-Fetch-Site tells."""
    assert code_of(("host", "localhost:8200"), ("Sec-Fetch-Site", site)) == code


def test_the_good_headers_of_one_kind_do_not_excuse_a_bad_one() -> None:
    good, bad = ("origin", "http://localhost:8200"), ("origin", "http://evil.example")
    assert code_of(("host", "localhost"), good, bad) == "forbidden_host"
    assert code_of(("host", "localhost"), good, ("sec-fetch-site", "cross-site")) == "forbidden_host"
