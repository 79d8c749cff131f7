"""The rules of payments, by subject: plain functions over a Unit."""
