"""The documentation does what it says: its snippets run, its tables are those of the code."""
