"""The documents that the server gives of itself, and that it keeps to them."""
