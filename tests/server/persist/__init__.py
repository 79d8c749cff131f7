"""Tests of durable state (architecture, decision 5)."""
