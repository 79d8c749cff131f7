"""Tests of `isa_user.webhooks`."""
