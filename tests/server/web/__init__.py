"""The shell of the server: who calls, the control API, serving and the command line."""
