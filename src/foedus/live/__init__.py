"""The what-if page of a case: `foedus live CASE`, or `foedus.live.serve` in Python."""
