"""Promises about the source itself, kept by reading its syntax trees."""
