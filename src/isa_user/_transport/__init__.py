"""Carries requests with httpx; the only package that imports it.

Clients that the SDK makes itself go straight to httpx's transport (no redirects, no cookies, no netrc).
An injected ``http_client``, or a proxy in the environment, goes the full way through an httpx client.
"""

from isa_user._transport._async import HttpxAsyncTransport
from isa_user._transport._sync import HttpxSyncTransport

__all__ = ["HttpxAsyncTransport", "HttpxSyncTransport"]
