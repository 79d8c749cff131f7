"""Programs that run in a process of their own: bare peers, and what would disturb the measuring process."""
