"""The detectors: what stands out, said before the customer says it. Pure functions from frames to signals."""
