"""The story that scripts/demo tells: chapters that call the SDK, and the table that they fill."""
