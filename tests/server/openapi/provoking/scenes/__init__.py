"""States of the world that refuse what would be right in another one, a module a service."""
