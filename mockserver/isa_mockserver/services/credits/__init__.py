"""Credits (8229): grants that expire, bought or given, spent in burn order (rules section 6)."""
