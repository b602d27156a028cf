"""Holds the processes together; the only room that knows all others."""
