"""THE THEORIES: what the modeller writes."""
