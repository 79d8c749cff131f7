"""The bank's page of 3-D Secure, as a customer sees it: approve or decline, and go back to the shop."""

from __future__ import annotations

import re
from html import escape
from typing import Annotated, Literal
from urllib.parse import urlencode, urlsplit

from pydantic import StrictStr

from isa_mockserver.kernel.money import format_money
from isa_mockserver.web.control.pages import PageRoute
from isa_mockserver.web.control.route import ControlCall
from isa_mockserver.web.fields import Check, QueryParams, refuse
from isa_mockserver.web.htmlpage import html_page
from isa_mockserver.web.wire import Answer

from .model.intent import INTENTS, Intent
from .service.intents import intent_not_found
from .service.later import authenticate

PATH = "/_mock/intents/{id}/bank"
_MAX_URL_CHARS = 2_048
# Nothing that could mean more where it stands, in a header too.
_AUTHORITY = re.compile(r"[A-Za-z0-9._-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


def _return_url(value: str) -> str:
    parts = urlsplit(value) if value.isascii() and value.isprintable() and " " not in value else None
    if parts is None or parts.scheme not in ("http", "https") or not _AUTHORITY.fullmatch(parts.netloc):
        raise refuse("invalid_value", "must be an http or https address")
    return value


ReturnUrl = Annotated[StrictStr, Check(_return_url, "invalid_value", maxLength=_MAX_URL_CHARS)]


class Visit(QueryParams):
    """Where the customer goes afterwards, and in which sandbox the intent is."""

    return_url: ReturnUrl | None = None
    sandbox: str | None = None


class Decision(Visit):
    """What the customer pressed."""

    outcome: Literal["success", "failure"]


def show(call: ControlCall[None, Visit]) -> Answer:
    """The question, with a button for each answer; or that there is nothing to decide."""
    intent = call.commit(lambda unit: unit.get(INTENTS, call.path["id"]))
    if intent is None:
        raise intent_not_found()
    if intent.status != "requires_action":
        return _ended(intent, call.query)
    buttons = _button("success", "Approve", call.query) + _button("failure", "Decline", call.query)
    note = "<p>This is the test server's stand-in for your bank. No money moves.</p>"
    return html_page(
        "Do you approve this payment?", _facts(intent) + buttons + note, forms_to=_origin(call.query)
    )


def decide(call: ControlCall[None, Decision]) -> Answer:
    """End the authentication (rules 2.3) and send the customer back, or show how it ended."""
    intent = call.commit(lambda unit: authenticate(unit, call.path["id"], call.query.outcome))
    if call.query.return_url is None:
        return _ended(intent, call.query)
    return Answer(303, b"", headers=(("Location", _back(intent, call.query.return_url)),))


def _ended(intent: Intent, visit: Visit) -> Answer:
    facts = _facts(intent)
    if visit.return_url is not None:
        facts += f'<p><a href="{escape(_back(intent, visit.return_url))}">Back to the shop</a></p>'
    return html_page("There is nothing to decide any more", facts)


def _facts(intent: Intent) -> str:
    facts = {
        "Amount": format_money(intent.amount, intent.currency),
        "For": intent.description or "",
        "Payment": intent.id,
        "Status": intent.status,
    }
    rows = (f"<dt>{name}</dt><dd>{escape(said)}</dd>" for name, said in facts.items() if said)
    return f"<dl>{''.join(rows)}</dl>"


def _button(outcome: str, words: str, visit: Visit) -> str:
    said = {"outcome": outcome, "return_url": visit.return_url, "sandbox": visit.sandbox}
    query = urlencode({name: value for name, value in said.items() if value is not None})
    # The address is relative, so that it leads to where the page came from.
    action = f"bank?{escape(query)}"
    return f'<form method="post" action="{action}"><button>{words}</button></form>'


def _back(intent: Intent, return_url: str) -> str:
    """The shop's address, with which intent it is about and how it stands."""
    parts = urlsplit(return_url)
    news = urlencode({"payment_intent_id": intent.id, "status": intent.status})
    return parts._replace(query=f"{parts.query}&{news}" if parts.query else news).geturl()


def _origin(visit: Visit) -> str:
    """The shop's origin, to which a browser must let the form's answer lead."""
    if visit.return_url is None:
        return ""
    parts = urlsplit(visit.return_url)
    return f"{parts.scheme}://{parts.netloc}"


PAGES: tuple[PageRoute, ...] = (
    PageRoute("show_authentication", "GET", PATH, show, "The bank's page", Visit),
    PageRoute("decide_authentication", "POST", PATH, decide, "A button of the bank's page", Decision),
)
