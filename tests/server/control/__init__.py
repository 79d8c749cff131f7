"""The client of the control API, over real sockets."""
