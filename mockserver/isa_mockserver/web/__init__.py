"""The thin shell around the core: one pipeline for every endpoint, and the control API."""
