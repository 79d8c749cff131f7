"""Random walks over the server that hold it against the invariants of rules 8.8."""
