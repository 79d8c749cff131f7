"""Typed client SDK for the isA payment services."""
