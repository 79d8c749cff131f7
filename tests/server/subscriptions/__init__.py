"""Tests of the subscriptions slice, through the real pipeline (rules section 5)."""
