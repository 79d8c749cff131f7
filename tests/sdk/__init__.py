"""Tests of the client SDK by itself: no server of ours, loopback sockets at most."""
