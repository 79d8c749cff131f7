"""A server under load: many connections, all five services, reads and writes, for as long as wanted."""
