"""Payments (8207): the one door for outside money, card tests, refunds and crypto (rules section 2)."""
