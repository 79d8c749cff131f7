"""Reference server of the isA payment services, for local use, CI and notebooks."""
