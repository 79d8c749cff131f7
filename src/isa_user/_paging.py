"""Pages of a list (rules 8.5) and the ways to walk them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any, Final, Generic, NoReturn, TypeVar

from isa_user._response import PageData
from isa_user.errors import ConfigurationError, InvalidArgumentError, ResponseValidationError

if TYPE_CHECKING:
    from isa_user._meta import ResponseInfo

__all__ = ["AsyncPage", "AsyncPager", "Page"]

T = TypeVar("T")


class _BasePage(Generic[T]):
    """What one page holds, whatever the colour of its client.

    It has no length and no index, because iterating goes on to the next pages: ``data`` has both.
    """

    def __init__(self, found: PageData[T]) -> None:
        self.data: list[T] = found.data
        """The rows of this page, newest first."""
        self.has_more: bool = found.has_more
        """Whether more rows follow."""
        self.next_cursor: str | None = found.next_cursor
        """Where the next page starts; pass it as ``cursor=`` with the same filters."""
        self.response: ResponseInfo = found.response
        """The answer this page came from."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _BasePage) or type(other) is not type(self):
            return NotImplemented
        return (self.data, self.has_more, self.next_cursor) == (other.data, other.has_more, other.next_cursor)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(data={self.data!r}, has_more={self.has_more})"

    if not TYPE_CHECKING:
        # At run time in words; a checker knows by itself that they are not there.
        def __len__(self) -> NoReturn:
            raise TypeError(
                "a page has no length, as iterating goes on to the next pages: use len(page.data), or "
                "list(...) for all rows of a sync list"
            )

        def __getitem__(self, _index: Any) -> NoReturn:
            raise TypeError("a page has no index, as iterating goes on to the next pages: use page.data[...]")

        def __bool__(self) -> bool:
            return True

    def _repr_html_(self) -> str:
        from isa_user.models._display import html_rows

        rows: list[Any] = list(self.data)
        return html_rows(rows)

    def to_dataframe(self) -> Any:
        """This page's rows as a ``pandas.DataFrame``, one column a field.

        Raises ConfigurationError where pandas is not installed.
        """
        try:
            from pandas import DataFrame  # type: ignore[import-untyped,import-not-found,unused-ignore]
        except ImportError:
            raise ConfigurationError("Page.to_dataframe() needs pandas: pip install pandas.") from None
        rows: list[Any] = list(self.data)
        return DataFrame([row.model_dump() for row in rows])

    def _cursor_after(self) -> str | None:
        """Where to go on; None at the end. Raises ResponseValidationError where the list cannot go on."""
        if not self.has_more:
            return None
        if not self.next_cursor:
            raise ResponseValidationError(
                "The list has more rows but no next_cursor.",
                status_code=self.response.status,
                request_id=self.response.request_id,
            )
        return self.next_cursor


def _require_progress(before: str | None, page: _BasePage[Any]) -> None:
    if page.has_more and page.next_cursor == before:
        raise ResponseValidationError(
            "The list goes in a circle: the next page has the cursor of this one.",
            status_code=page.response.status,
            request_id=page.response.request_id,
        )


class Page(_BasePage[T]):
    """One page of a sync list call; iterating walks all rows from here on, fetching as it goes."""

    def __init__(self, found: PageData[T], fetch: Callable[[str | None], PageData[T]]) -> None:
        super().__init__(found)
        self._fetch = fetch

    def __reduce__(self) -> tuple[Any, ...]:
        return _detached, (PageData(self.data, self.has_more, self.next_cursor, self.response),)

    def next_page(self) -> Page[T] | None:
        """Fetch the next page; None at the end. Raises what the list call raises."""
        cursor = self._cursor_after()
        if cursor is None:
            return None
        page = Page(self._fetch(cursor), self._fetch)
        _require_progress(cursor, page)
        return page

    def __iter__(self) -> Iterator[T]:
        page: Page[T] | None = self
        while page is not None:
            yield from page.data
            page = page.next_page()


def _detached(found: PageData[Any]) -> Page[Any]:
    return Page(found, _refuse_more)


def _refuse_more(_cursor: str | None) -> NoReturn:
    raise InvalidArgumentError(
        "This page was pickled or copied, and has no client to fetch the next one with.",
        next_step="Call the list method again with cursor=page.next_cursor and the same filters.",
    )


class AsyncPage(_BasePage[T]):
    """One page of an async list call; ``async for`` walks all rows from here on, fetching as it goes."""

    def __init__(self, found: PageData[T], fetch: Callable[[str | None], Awaitable[PageData[T]]]) -> None:
        super().__init__(found)
        self._fetch = fetch

    if not TYPE_CHECKING:

        def __iter__(self) -> NoReturn:
            raise TypeError("use 'async for' over an AsyncPage for all rows, or 'for' over its .data")

    def __reduce__(self) -> tuple[Any, ...]:
        return _detached_async, (PageData(self.data, self.has_more, self.next_cursor, self.response),)

    async def next_page(self) -> AsyncPage[T] | None:
        """Fetch the next page; None at the end. Raises what the list call raises."""
        cursor = self._cursor_after()
        if cursor is None:
            return None
        page = AsyncPage(await self._fetch(cursor), self._fetch)
        _require_progress(cursor, page)
        return page

    def __aiter__(self) -> AsyncIterator[T]:
        return _Rows(iter(self.data), self.next_page)


def _detached_async(found: PageData[Any]) -> AsyncPage[Any]:
    return AsyncPage(found, _refuse_more)


class _Rows(Generic[T]):
    """Walks the rows of page after page; no generator, so that leaving the loop early leaves nothing open."""

    def __init__(self, rows: Iterator[T], following: Callable[[], Awaitable[AsyncPage[T] | None]]) -> None:
        self._rows = rows
        self._following = following

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        while True:
            for row in self._rows:
                return row
            page = await self._following()
            if page is None:
                raise StopAsyncIteration
            self._rows, self._following = iter(page.data), page.next_page


_OF_A_PAGE: Final = frozenset({"data", "has_more", "next_cursor", "next_page", "response", "to_dataframe"})


class AsyncPager(Generic[T]):
    """What an async list call returns: ``await`` it for one page, ``async for`` over it for all rows."""

    def __init__(self, fetch: Callable[[str | None], Awaitable[PageData[T]]], name: str) -> None:
        self._fetch = fetch
        self._name = name

    def __repr__(self) -> str:
        return f"<AsyncPager of {self._name}(): await it for one page, or 'async for' over it for all rows>"

    if not TYPE_CHECKING:
        # At run time in words; a checker knows by itself that they are not there.
        def __iter__(self) -> NoReturn:
            raise TypeError(f"use 'async for' over {self._name}(), or await it and iterate over its .data")

        def __getattr__(self, name: str) -> NoReturn:
            hint = f": await {self._name}() first" if name in _OF_A_PAGE else ""
            raise AttributeError(f"'AsyncPager' object has no attribute {name!r}{hint}", name=name, obj=self)

    async def _first(self) -> AsyncPage[T]:
        return AsyncPage(await self._fetch(None), self._fetch)

    def __await__(self) -> Generator[Any, Any, AsyncPage[T]]:
        return self._first().__await__()

    def __aiter__(self) -> AsyncIterator[T]:
        return _Rows(iter(()), self._first)
