"""CASE: what the analyst writes. No jax in here."""
