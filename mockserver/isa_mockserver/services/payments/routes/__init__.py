"""The endpoints of the payment service."""

from __future__ import annotations

from isa_mockserver.web.route import Route

from . import crypto, history, intents, refunds

ROUTES: tuple[Route, ...] = (*intents.ROUTES, *history.ROUTES, *refunds.ROUTES, *crypto.ROUTES)
"""Every endpoint, the page's first and in its order within each subject."""
