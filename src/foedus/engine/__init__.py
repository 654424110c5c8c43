"""SIMULATE: every option in every world, year by year."""
