"""BACKTEST: what the model says of years that are over, before it looks at what happened."""
