"""The control calls as data: operation -> method and path (mockserver page, "Control API")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class ControlCall(NamedTuple):
    """One call; what stands in braces in the path is given with it."""

    method: str
    path: str


CALLS: Mapping[str, ControlCall] = {
    "health": ControlCall("GET", "/health"),
    "reset": ControlCall("POST", "/_mock/reset"),
    "save_state": ControlCall("GET", "/_mock/state"),
    "load_state": ControlCall("PUT", "/_mock/state"),
    "get_clock": ControlCall("GET", "/_mock/clock"),
    "move_clock": ControlCall("POST", "/_mock/clock"),
    "get_ledger": ControlCall("GET", "/_mock/ledger"),
    "check_ledger": ControlCall("GET", "/_mock/ledger/check"),
    "list_snapshots": ControlCall("GET", "/_mock/snapshots"),
    "take_snapshot": ControlCall("POST", "/_mock/snapshots/{name}"),
    "drop_snapshot": ControlCall("DELETE", "/_mock/snapshots/{name}"),
    "restore_snapshot": ControlCall("POST", "/_mock/snapshots/{name}/restore"),
    "fork_snapshot": ControlCall("POST", "/_mock/snapshots/{name}/fork"),
    "diff_snapshot": ControlCall("GET", "/_mock/snapshots/{name}/diff"),
    "list_sandboxes": ControlCall("GET", "/_mock/sandboxes"),
    "make_sandbox": ControlCall("POST", "/_mock/sandboxes"),
    "drop_sandboxes": ControlCall("DELETE", "/_mock/sandboxes"),
    "drop_sandbox": ControlCall("DELETE", "/_mock/sandboxes/{name}"),
    "list_users": ControlCall("GET", "/_mock/users"),
    "make_user": ControlCall("POST", "/_mock/users"),
    "make_token": ControlCall("POST", "/_mock/tokens"),
    "list_requests": ControlCall("GET", "/_mock/requests"),
    "clear_requests": ControlCall("DELETE", "/_mock/requests"),
    "list_faults": ControlCall("GET", "/_mock/faults"),
    "add_fault": ControlCall("POST", "/_mock/faults"),
    "clear_faults": ControlCall("DELETE", "/_mock/faults"),
    "remove_fault": ControlCall("DELETE", "/_mock/faults/{fault_id}"),
    "list_events": ControlCall("GET", "/_mock/events"),
    "show_event": ControlCall("GET", "/_mock/events/{id}"),
    "trigger_event": ControlCall("POST", "/_mock/events/trigger"),
    "list_deliveries": ControlCall("GET", "/_mock/events/{id}/deliveries"),
    "redeliver_event": ControlCall("POST", "/_mock/events/{id}/redeliver"),
    "list_webhooks": ControlCall("GET", "/_mock/webhooks"),
    "add_webhook": ControlCall("POST", "/_mock/webhooks"),
    "show_webhook": ControlCall("GET", "/_mock/webhooks/{id}"),
    "change_webhook": ControlCall("PATCH", "/_mock/webhooks/{id}"),
    "remove_webhook": ControlCall("DELETE", "/_mock/webhooks/{id}"),
    "rotate_webhook_secret": ControlCall("POST", "/_mock/webhooks/{id}/rotate"),
    "authenticate_intent": ControlCall("POST", "/_mock/intents/{id}/authenticate"),
    "add_crypto_transaction": ControlCall("POST", "/_mock/crypto/{id}/transactions"),
    "drop_crypto_transaction": ControlCall("DELETE", "/_mock/crypto/{id}/transactions/{hash}"),
    "add_crypto_confirmations": ControlCall("POST", "/_mock/crypto/{id}/confirmations"),
    "resolve_crypto_payment": ControlCall("POST", "/_mock/crypto/{id}/resolve"),
    "freeze_wallet": ControlCall("POST", "/_mock/wallets/{user}/freeze"),
    "give_credits": ControlCall("POST", "/_mock/grants"),
}
"""Operation, which is also the client's method, -> the call; the tests hold it against the server's."""
