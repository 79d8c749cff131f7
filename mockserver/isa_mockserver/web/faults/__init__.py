"""Faults on demand: what can go wrong between a client and a server, made to happen (mockserver page)."""
