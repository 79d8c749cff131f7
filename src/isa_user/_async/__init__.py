"""The async clients: the source from which ``scripts/sync_twin.py`` makes ``_sync``."""
