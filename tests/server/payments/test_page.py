"""The bank's page of 3-D Secure: where it is, what it shows, what its buttons do, whom it refuses (2.3)."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import httpx
import pytest

from isa_mockserver.app import Settings, build
from isa_mockserver.testing import MockServer, RawAnswer
from isa_mockserver.testing.inprocess import ask
from isa_mockserver.web.control import ControlSettings
from isa_user import SyncPaymentClient, SyncSubscriptionClient

CARD = "pm_card_authenticationRequired"
SHOP = "http://localhost:9000/thanks?order=7"


@pytest.fixture
def server() -> MockServer:
    return MockServer(clock="2024-01-28T10:00:00Z")


def waiting(server: Any, **more: Any) -> Any:
    client = server.client(SyncPaymentClient)
    return client.create_intent(amount=4000, currency="usd", payment_method_id=CARD, confirm=True, **more)


def visit(server: MockServer, url: str, method: str = "GET", **headers: str) -> RawAnswer:
    """As a browser goes there: without a token."""
    return server.request(method, url, user=None, headers=headers)


def buttons(page: RawAnswer, url: str) -> dict[str, str]:
    """Words on a button -> where it leads."""
    found = re.findall(r'<form method="post" action="([^"]+)"><button>(\w+)</button>', page.body.decode())
    return {words: str(httpx.URL(url).join(unescape(action))) for action, words in found}


def test_2_3_next_action_is_an_absolute_address_on_the_port_that_was_asked(server: MockServer) -> None:
    intent = waiting(server)
    assert intent.next_action.url == (f"http://localhost:8207/_mock/intents/{intent.payment_intent_id}/bank")
    again = server.client(SyncPaymentClient).get_intent(intent.payment_intent_id)
    assert again.next_action == intent.next_action


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1:18207", "127.0.0.1:18207"),
        ("[::1]:8207", "[::1]:8207"),
        ("pay.internal:8207", "pay.internal:8207"),
        ("mockserver:8207", "localhost:8207"),
        ("mockserver", "localhost:8200"),
        ('"><script>', "localhost:8200"),
    ],
)
def test_the_address_is_one_to_which_the_control_api_answers(host: str, shown: str) -> None:
    """A container's name means nothing to a browser beside it: there it is the same port of this machine."""
    app = build(Settings(control=ControlSettings(allowed_hosts=frozenset({"pay.internal"}))))
    body = b'{"amount": 4000, "currency": "usd", "payment_method_id": "%s", "confirm": true}' % CARD.encode()
    headers = [
        (b"host", host.encode()),
        (b"authorization", b"Bearer user_1"),
        (b"content-type", b"application/json"),
    ]
    url = "http://localhost:8207/api/v1/payments/intent"
    status, _, answered = ask(app.services["payments"], "POST", url, headers, body)
    assert status == 201
    assert f'"url":"http://{shown}/_mock/intents/pi_'.encode() in answered


@pytest.mark.parametrize(
    ("button", "status"), [("Approve", "succeeded"), ("Decline", "requires_payment_method")]
)
def test_the_buttons_end_the_authentication_and_lead_back_to_the_shop(
    server: MockServer, button: str, status: str
) -> None:
    intent = waiting(server, description="Tea & <b>biscuits</b>")
    url = str(httpx.URL(intent.next_action.url).copy_merge_params({"return_url": SHOP}))
    page = visit(server, url)
    assert page.status == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<dd>40.00 USD</dd>" in page.body.decode()
    assert "Tea &amp; &lt;b&gt;biscuits&lt;/b&gt;" in page.body.decode()
    answer = visit(server, buttons(page, url)[button], "POST", origin="http://localhost:8207")
    assert answer.status == 303
    assert answer.headers["location"] == (
        f"{SHOP}&payment_intent_id={intent.payment_intent_id}&status={status}"
    )
    assert server.client(SyncPaymentClient).get_intent(intent.payment_intent_id).status == status


def test_without_a_shop_to_return_to_the_page_says_how_it_ended(server: MockServer) -> None:
    intent = waiting(server)
    url = intent.next_action.url
    answer = visit(server, buttons(visit(server, url), url)["Approve"], "POST")
    assert answer.status == 200
    assert "<dd>succeeded</dd>" in answer.body.decode()
    later = visit(server, url)
    assert buttons(later, url) == {}
    assert "nothing to decide" in later.body.decode()


def test_in_a_sandbox_the_address_names_it(server: MockServer) -> None:
    box = server.sandbox("blue")
    intent = waiting(box)
    url = intent.next_action.url
    assert url.endswith("/bank?sandbox=blue")
    visit(server, buttons(visit(server, url), url)["Approve"], "POST")
    assert box.client(SyncPaymentClient).get_intent(intent.payment_intent_id).status == "succeeded"


def test_a_page_of_another_site_may_send_its_visitor_here_and_press_no_button(server: MockServer) -> None:
    intent = waiting(server)
    url = intent.next_action.url
    foreign = {"origin": "https://shop.test", "sec-fetch-site": "cross-site"}
    page = visit(server, url, **foreign)
    assert page.status == 200
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    refused = visit(server, buttons(page, url)["Approve"], "POST", **foreign)
    assert (refused.status, refused.json()["code"]) == (403, "forbidden_host")
    assert server.client(SyncPaymentClient).get_intent(intent.payment_intent_id).status == "requires_action"


def test_another_name_of_this_machine_is_refused(server: MockServer) -> None:
    """DNS rebinding: the name of another site may be made to lead here."""
    answer = visit(server, waiting(server).next_action.url, host="shop.test")
    assert (answer.status, answer.json()["code"]) == (403, "forbidden_host")


@pytest.mark.parametrize(
    "return_url",
    ["javascript:alert(1)", "//shop.test", "/thanks", "http://", "http://a;b/", "http://a b/", "http://u@a/"],
)
def test_only_the_address_of_a_web_page_is_returned_to(server: MockServer, return_url: str) -> None:
    url = httpx.URL(waiting(server).next_action.url).copy_merge_params({"return_url": return_url})
    answer = visit(server, str(url))
    assert (answer.status, answer.json()["errors"][0]["param"]) == (422, "return_url")


def test_a_shop_by_https_is_returned_to(server: MockServer) -> None:
    url = httpx.URL(waiting(server).next_action.url).copy_merge_params(
        {"return_url": "https://shop.test/done"}
    )
    page = visit(server, str(url))
    answer = visit(server, buttons(page, str(url))["Approve"], "POST", origin="http://localhost:8207")
    assert answer.headers["location"].startswith("https://shop.test/done?payment_intent_id=pi_")


def test_the_page_says_what_is_to_be_paid_and_how_it_stands(server: MockServer) -> None:
    intent = waiting(server, description="Tea")
    shown = visit(server, intent.next_action.url).body.decode()
    facts = dict(re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", shown))
    assert facts == {
        "Amount": "40.00 USD",
        "For": "Tea",
        "Payment": intent.payment_intent_id,
        "Status": "requires_action",
    }


def test_who_comes_back_to_the_page_later_is_led_to_the_shop(server: MockServer) -> None:
    intent = waiting(server)
    server.authenticate(intent.payment_intent_id)
    url = httpx.URL(intent.next_action.url).copy_merge_params({"return_url": SHOP})
    shown = visit(server, str(url)).body.decode()
    [link] = re.findall(r'<a href="(.*?)">Back to the shop</a>', shown)
    assert link.startswith(SHOP.replace("&", "&amp;"))
    assert f"payment_intent_id={intent.payment_intent_id}&amp;status=succeeded" in link
    assert "succeeded" in visit(server, intent.next_action.url).body.decode()


def test_an_intent_that_is_not_there_is_404(server: MockServer) -> None:
    answer = visit(server, "http://localhost:8207/_mock/intents/pi_none/bank")
    assert (answer.status, answer.json()["code"]) == (404, "payment_intent_not_found")


def test_an_address_that_says_a_thing_twice_is_refused(server: MockServer) -> None:
    answer = visit(server, f"{waiting(server).next_action.url}?sandbox=a&sandbox=b")
    assert (answer.status, answer.json()["errors"][0]["param"]) == (422, "sandbox")


def test_the_form_may_lead_to_the_shop_s_origin_and_no_other(server: MockServer) -> None:
    url = httpx.URL(waiting(server).next_action.url).copy_merge_params({"return_url": SHOP})
    policy = visit(server, str(url)).headers["content-security-policy"]
    assert policy.endswith("form-action 'self' http://localhost:9000")


def test_in_a_test_the_server_plays_the_customer(server: MockServer) -> None:
    assert server.authenticate(waiting(server).payment_intent_id) == "succeeded"
    assert server.authenticate(waiting(server).payment_intent_id, "failure") == "requires_payment_method"
    with pytest.raises(ValueError, match="payment intent"):
        server.authenticate("pi_none")
    subscription = server.client(SyncSubscriptionClient).create_subscription(
        plan_id="plan_pro_monthly", payment_method_id=CARD
    )
    assert subscription.latest_payment_intent is not None
    server.authenticate(subscription.latest_payment_intent.payment_intent_id)
    assert server.client(SyncSubscriptionClient).get_subscription().status == "active"
