"""The threat model of docs/security.md, attack by attack."""
