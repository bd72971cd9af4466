"""Who feels an outage most, and which repair comes first (docs/methods/sensitivity.md). Pure functions."""
