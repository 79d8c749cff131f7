"""What the billing endpoints take and answer (rules section 10)."""
