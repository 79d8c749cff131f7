"""A server that knows one answer, so that a client's own cost is what is measured; prints its port."""

from __future__ import annotations

import asyncio

from benchmarks.servers.sockets import listening_socket

BODY = (
    b'{"payment_intent_id":"pi_abc123","client_secret":"pi_abc123_secret_xyz","amount":2999,"currency":"usd",'
    b'"status":"requires_payment_method","description":"Pro Plan - Monthly","metadata":{},'
    b'"created_at":"2024-01-28T10:00:00Z"}'
)
ANSWER = (
    b"HTTP/1.1 201 Created\r\ncontent-type: application/json\r\nx-request-id: req_1\r\n"
    b"content-length: %d\r\n\r\n%s" % (len(BODY), BODY)
)
_LENGTH = b"content-length: "


class Canned(asyncio.Protocol):
    """Answers every whole request with the same bytes."""

    def __init__(self) -> None:
        self._seen = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer as soon as a request is complete."""
        self._seen += data
        head, end, body = self._seen.partition(b"\r\n\r\n")
        if end and len(body) >= int(head.lower().partition(_LENGTH)[2].partition(b"\r\n")[0]):
            self._seen = b""
            self._transport.write(ANSWER)


async def main() -> None:
    """Serve until SIGTERM."""
    listening = listening_socket()
    print(listening.getsockname()[1], flush=True)
    server = await asyncio.get_running_loop().create_server(Canned, sock=listening)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
