"""One measurement a module; which rows it fills is in the registry."""
