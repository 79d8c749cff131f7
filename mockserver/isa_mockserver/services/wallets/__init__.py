"""Wallets (8208): stored money per user, deposits, transfers and the statement of both (rules section 3)."""
