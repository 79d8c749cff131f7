"""Tests of the wallets slice, through the real pipeline (rules section 3)."""
