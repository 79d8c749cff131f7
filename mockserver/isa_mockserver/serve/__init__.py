"""Serving over sockets: ports, listening, dispatching, the uvicorn server and what it prints at the start."""
