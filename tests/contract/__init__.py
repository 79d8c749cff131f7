"""The published page, read by machine and run: nothing of it is left out."""
