"""The rules of billing, by subject: plain functions over a Unit."""
