"""Measures the desk beside its limits and beside a peer, all in one run: `make bench`."""
