"""Tests of the payments slice."""
