"""What type checkers tell the SDK's users: what is right passes, what is wrong is an error."""
