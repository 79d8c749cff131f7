"""Subscriptions (8228): plans, periods, changes, trials and the way to cancellation (rules section 5)."""
