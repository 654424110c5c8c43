"""How much help has arrived by day t."""
