"""Walking lists in both colours (rules 8.5; SDK page, "Pages")."""

from __future__ import annotations

import copy
import gc
import pickle
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from isa_user import AsyncPage, AsyncPager, Page, WalletClient
from isa_user import errors as e
from isa_user._wire import WireRequest, WireResponse
from tests.sdk.fakes import AsyncScript, Script, SyncScript, answer, bound, page_of
from tests.sdk.samples import WALLET_TRANSACTION


def _row(number: int) -> dict[str, Any]:
    return {**WALLET_TRANSACTION, "transaction_id": f"txn_{number}", "amount": number}


PAGES: dict[str | None, WireResponse] = {
    None: page_of([_row(1), _row(2)], "c1"),
    "c1": page_of([], "c2"),
    "c2": page_of([_row(3)], None),
}


def _cursor(request: WireRequest) -> str | None:
    return parse_qs(urlsplit(request.url).query).get("cursor", [None])[0]


def _serve(request: WireRequest) -> WireResponse:
    return PAGES[_cursor(request)]


def _amounts(rows: Any) -> list[int]:
    return [row.amount for row in rows]


@pytest.mark.anyio
async def test_async_for_walks_all_pages_also_past_an_empty_one() -> None:
    script = AsyncScript(_serve)
    rows = [row async for row in bound("WalletClient", script).get_transactions()]
    assert _amounts(rows) == [1, 2, 3]
    assert len(script.requests) == 3


def test_for_walks_all_pages_also_past_an_empty_one() -> None:
    script = SyncScript(_serve)
    assert _amounts(bound("SyncWalletClient", script).get_transactions()) == [1, 2, 3]
    assert len(script.requests) == 3


@pytest.mark.anyio
async def test_leaving_the_loop_early_fetches_no_more_and_leaves_nothing_open() -> None:
    script = AsyncScript(_serve)
    async for row in bound("WalletClient", script).get_transactions():
        assert row.amount == 1
        break
    async for row in await bound("WalletClient", script).get_transactions():
        assert row.amount == 1
        break
    gc.collect()
    assert len(script.requests) == 2


@pytest.mark.anyio
async def test_awaiting_gives_one_page_and_fetches_no_other() -> None:
    script = AsyncScript(_serve)
    page = await bound("WalletClient", script).get_transactions()
    assert isinstance(page, AsyncPage)
    assert (_amounts(page.data), page.has_more, page.next_cursor) == ([1, 2], True, "c1")
    assert page.response.status == 200
    assert len(script.requests) == 1


@pytest.mark.anyio
async def test_pages_follow_each_other_until_there_is_none() -> None:
    page = await bound("WalletClient", AsyncScript(_serve)).get_transactions()
    seen: list[list[int]] = []
    while page is not None:
        seen.append(_amounts(page.data))
        page = await page.next_page()
    assert seen == [[1, 2], [], [3]]


def test_sync_pages_follow_each_other_until_there_is_none() -> None:
    page: Page[Any] | None = bound("SyncWalletClient", SyncScript(_serve)).get_transactions()
    seen: list[list[int]] = []
    while page is not None:
        seen.append(_amounts(page.data))
        page = page.next_page()
    assert seen == [[1, 2], [], [3]]


@pytest.mark.anyio
async def test_a_page_can_be_walked_on_from_and_more_than_once() -> None:
    client = bound("WalletClient", AsyncScript(_serve))
    page = await client.get_transactions(cursor="c2")
    assert _amounts([row async for row in page]) == [3]
    pager = client.get_transactions()
    for _ in range(2):
        assert _amounts([row async for row in pager]) == [1, 2, 3]


def test_filters_and_options_go_along_to_every_page() -> None:
    script = SyncScript(_serve)
    client = bound("SyncWalletClient", script)
    list(client.get_transactions(type="deposit", limit=2, token="mine", extra_headers={"x-a": "b"}))
    queries = [parse_qs(urlsplit(request.url).query) for request in script.requests]
    assert [(query["type"], query["limit"]) for query in queries] == [(["deposit"], ["2"])] * 3
    assert [script.header("authorization", i) for i in range(3)] == ["Bearer mine"] * 3
    assert [script.header("x-a", i) for i in range(3)] == ["b"] * 3


def test_wrong_arguments_are_refused_by_the_call_itself_not_by_the_first_await() -> None:
    script = AsyncScript(_serve)
    with pytest.raises(e.InvalidArgumentError):
        bound("WalletClient", script).get_transactions(limit=1.5)
    assert script.requests == []


TRACE = {"x-request-id": "req_2"}
CANNOT_GO_ON = pytest.mark.parametrize(
    "second",
    [
        answer(200, {"data": [_row(2)], "has_more": True, "next_cursor": "c1"}, TRACE),
        answer(200, {"data": [], "has_more": True, "next_cursor": None}, TRACE),
    ],
    ids=["same cursor again", "more but no cursor"],
)


@CANNOT_GO_ON
def test_a_list_that_cannot_go_on_is_an_error_not_an_endless_loop(second: WireResponse) -> None:
    script = SyncScript(page_of([_row(1)], "c1"), second)
    with pytest.raises(e.ResponseValidationError) as caught:
        list(bound("SyncWalletClient", script).get_transactions())
    assert len(script.requests) == 2
    assert (caught.value.status_code, caught.value.request_id) == (200, "req_2")


@CANNOT_GO_ON
@pytest.mark.anyio
async def test_the_same_holds_for_async_loops_and_for_pages_taken_one_by_one(second: WireResponse) -> None:
    script = AsyncScript(page_of([_row(1)], "c1"), second)
    with pytest.raises(e.ResponseValidationError):
        _ = [row async for row in bound("WalletClient", script).get_transactions()]
    assert len(script.requests) == 2
    page = await bound("WalletClient", AsyncScript(page_of([_row(1)], "c1"), second)).get_transactions()
    with pytest.raises(e.ResponseValidationError):
        while page is not None:
            page = await page.next_page()


def test_equal_pages_are_equal_whatever_their_answers() -> None:
    pages = [bound("SyncWalletClient", SyncScript(_serve)).get_transactions() for _ in range(2)]
    assert pages[0] == pages[1]
    assert pages[0] != pages[0].next_page()
    assert pages[0] != "page"


def test_a_pager_that_was_not_awaited_says_so_however_it_is_used() -> None:
    pager: Any = bound("WalletClient", AsyncScript(_serve)).get_transactions()
    assert repr(pager) == (
        "<AsyncPager of get_transactions(): await it for one page, or 'async for' over it for all rows>"
    )
    for name in ("data", "has_more", "next_cursor", "next_page", "response", "to_dataframe"):
        with pytest.raises(AttributeError, match=r"await get_transactions\(\) first"):
            getattr(pager, name)
    with pytest.raises(AttributeError) as caught:
        _ = pager.nothing
    assert "await" not in str(caught.value)
    with pytest.raises(TypeError, match="async for"):
        list(pager)


@pytest.mark.anyio
async def test_a_page_is_neither_counted_nor_indexed_because_iterating_goes_on_to_the_next() -> None:
    pages: list[Any] = [
        bound("SyncWalletClient", SyncScript(_serve)).get_transactions(),
        await bound("WalletClient", AsyncScript(_serve)).get_transactions(),
        bound("SyncWalletClient", SyncScript(page_of([], None))).get_transactions(),
    ]
    for page in pages:
        with pytest.raises(TypeError, match=r"page\.data"):
            len(page)
        with pytest.raises(TypeError, match=r"page\.data"):
            page[0]
        assert page
    with pytest.raises(TypeError, match=r"async for.*\.data"):
        iter(pages[1])


@pytest.mark.anyio
async def test_a_page_can_be_pickled_and_copied_but_then_fetches_no_other() -> None:
    page = bound("SyncWalletClient", SyncScript(_serve)).get_transactions()
    for twin in (pickle.loads(pickle.dumps(page)), copy.deepcopy(page)):
        assert twin == page
        assert twin.response.status == 200
        with pytest.raises(e.InvalidArgumentError, match=r"cursor=page\.next_cursor"):
            twin.next_page()
    later = await bound("WalletClient", AsyncScript(_serve)).get_transactions()
    moved: AsyncPage[Any] = pickle.loads(pickle.dumps(later))
    assert moved == later
    with pytest.raises(e.InvalidArgumentError, match=r"cursor=page\.next_cursor"):
        await moved.next_page()


def test_a_notebook_shows_a_page_as_one_table() -> None:
    page = bound("SyncWalletClient", SyncScript(_serve)).get_transactions()
    shown = page._repr_html_()
    assert shown.count("<tr>") == 3
    assert "0.02 USD" in shown
    assert "Page(data=[WalletTransaction(" in repr(page)
    empty = bound("SyncWalletClient", SyncScript(page_of([], None))).get_transactions()
    assert "empty" in empty._repr_html_()


def test_a_data_frame_needs_pandas_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    page = bound("SyncWalletClient", SyncScript(_serve)).get_transactions()
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(e.ConfigurationError, match="pip install pandas"):
        page.to_dataframe()


def test_a_data_frame_has_a_row_a_movement(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pandas:
        DataFrame = list

    page = bound("SyncWalletClient", SyncScript(_serve)).get_transactions()
    monkeypatch.setitem(__import__("sys").modules, "pandas", Pandas)
    assert [row["transaction_id"] for row in page.to_dataframe()] == ["txn_1", "txn_2"]


def test_list_methods_of_async_clients_are_plain_functions() -> None:
    script: Script = AsyncScript(_serve)
    assert isinstance(bound("WalletClient", script).get_transactions(), AsyncPager)
    assert script.requests == []
    assert WalletClient.get_transactions.__name__ == "get_transactions"
