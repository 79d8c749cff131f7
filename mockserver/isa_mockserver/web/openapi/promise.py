"""Whether an answer is one that its route declares: for tests of the server itself."""

from __future__ import annotations

from functools import cache

from isa_mockserver.web.problems import CONTENT_TYPE as PROBLEM
from isa_mockserver.web.route import Route
from isa_mockserver.web.wire import Answer

from .operation import of_route
from .refusals import codes_of


def keeps_to(route: Route, answer: Answer) -> None:
    """Hold the answer against the route; one that a fault has struck may be anything.

    Raises:
        AssertionError: the status or the code is not declared.
        pydantic.ValidationError: the body is not of the declared shape.
    """
    struck, replayed = answer.delivery is not None, answer.code is None and answer.content_type == PROBLEM
    if struck or replayed:  # a stored refusal was held against the route when it was made
        return
    if answer.code is not None:
        if answer.code not in _codes(route):
            raise AssertionError(f"{route.operation} does not declare the code {answer.code}")
    elif answer.status not in route.statuses:
        raise AssertionError(f"{route.operation} does not declare status {answer.status}")
    elif route.response is not None and answer.body:
        route.response.model_validate_json(answer.body)


@cache
def _codes(route: Route) -> frozenset[str]:
    return codes_of(of_route("", route, closed=True))
