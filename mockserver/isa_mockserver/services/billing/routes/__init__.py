"""The endpoints of the billing service (8216)."""
