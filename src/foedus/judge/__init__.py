"""JUDGE: what a run says of the claims. No jax, no engine in here."""
