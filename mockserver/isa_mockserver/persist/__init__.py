"""Durable state: Worlds written to a file before their answers leave, and read again (decision 5)."""
