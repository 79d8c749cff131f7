"""The rules of subscriptions, by subject: plain functions over a Unit, and pure arithmetic."""
