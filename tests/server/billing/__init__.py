"""Tests of the billing slice, through the real pipeline (rules section 4)."""
