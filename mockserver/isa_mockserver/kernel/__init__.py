"""The kernel: money, time, ids, ledger, tables and the all-or-nothing Unit. Standard library only."""
