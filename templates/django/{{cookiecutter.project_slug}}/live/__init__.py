"""Tells open browsers, and programs that listen, what changes in the catalogue."""
