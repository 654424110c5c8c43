"""WORLDS: what we do not know, made numbers."""
