"""Remembers: tables, stores, the unit of work."""
