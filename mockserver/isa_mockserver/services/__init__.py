"""The five vertical slices; each is model <- views <- service <- routes, and none imports another."""
