"""Measures what one more intent costs in a World of so many; takes the number, a line asks for a measurement.

In a process of its own, because the garbage collector looks at everything that a process holds.
"""

from __future__ import annotations

import gc
import sys
from functools import partial

from benchmarks.load import CREATE
from benchmarks.measuring import repeated
from isa_mockserver.testing import MockServer
from isa_user import SyncPaymentClient


def _filled(objects: int) -> SyncPaymentClient:
    client = MockServer().client(SyncPaymentClient)
    for _ in range(objects):
        client.create_intent(**CREATE)
    return client


def main() -> None:
    """Answer each line, a number of intents, with the seconds that one of them took."""
    objects, anew = int(sys.argv[1]), sys.argv[2] == "anew"
    client = _filled(objects)
    print("ready", flush=True)
    for line in sys.stdin:
        if anew:
            client = _filled(objects)
            gc.collect()
        print(repeated(partial(client.create_intent, **CREATE), int(line))(), flush=True)


if __name__ == "__main__":
    main()
