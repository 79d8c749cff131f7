"""A chapter, sync: the event of a payment arrives, signed, and one that was changed is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from threading import Thread

from isa_user import PaymentSucceeded, SyncIsaUser, Webhook, WebhookVerificationError
from scripts.local_server import LocalServer
from scripts.story.table import Chapter, Row, dollars

Delivery = tuple[bytes, dict[str, str]]
ARRIVES_WITHIN_S = 10.0


def webhook_chapter(isa: SyncIsaUser, user: str, server: LocalServer) -> Chapter:
    """A payment whose event comes back over HTTP, told from what was verified."""
    with _receiver() as (url, deliveries):
        endpoint = server.control("POST", "/webhooks", {"url": url, "events": ["payment.succeeded"]})
        intent = isa.payments.create_intent(amount=1500, currency="usd", description="A mug")
        isa.payments.confirm_intent(intent.payment_intent_id, payment_method_id="pm_card_visa")
        body, headers = _next(deliveries)
    webhook = Webhook(endpoint["secret"])
    rows = [_verified(webhook, body, headers), _refused(webhook, body, headers)]
    return Chapter(f"Webhooks (sync, {user})", rows)


def _verified(webhook: Webhook, body: bytes, headers: dict[str, str]) -> Row:
    event = webhook.verify(body, headers)
    if not isinstance(event, PaymentSucceeded):
        raise RuntimeError(f"an event of type {event.type} came instead of the payment's")
    return Row("a signed webhook arrives", "Webhook.verify", event.type, dollars(event.data.object.amount))


def _refused(webhook: Webhook, body: bytes, headers: dict[str, str]) -> Row:
    try:
        webhook.verify(body.replace(b"1500", b"9500"), headers)
    except WebhookVerificationError as error:
        return Row("a changed one is refused", "Webhook.verify", str(error.code))
    raise RuntimeError("a webhook that was changed on its way was verified")


def _next(deliveries: Queue[Delivery]) -> Delivery:
    try:
        return deliveries.get(timeout=ARRIVES_WITHIN_S)
    except Empty:
        raise RuntimeError(f"no webhook arrived within {ARRIVES_WITHIN_S:g} s") from None


@contextmanager
def _receiver() -> Iterator[tuple[str, Queue[Delivery]]]:
    """An address of this process, and what is delivered there."""
    deliveries: Queue[Delivery] = Queue()

    class Receive(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            deliveries.put((body, dict(self.headers)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name of the base class)
            """The story is told in the table alone."""

    receiver = ThreadingHTTPServer(("127.0.0.1", 0), Receive)
    thread = Thread(target=receiver.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{receiver.server_port}/webhooks", deliveries
    finally:
        receiver.shutdown()
        thread.join()
        receiver.server_close()
