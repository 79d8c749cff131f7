"""Tests of the credits slice, through the real pipeline (rules section 6)."""
