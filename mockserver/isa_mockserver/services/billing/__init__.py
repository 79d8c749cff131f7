"""Billing (8216): invoices, customer balances, collection, and metered usage (rules section 4)."""
