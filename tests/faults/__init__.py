"""What goes wrong between client and server, made to happen on purpose."""
