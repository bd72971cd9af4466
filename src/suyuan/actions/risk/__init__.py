"""Risk models of this home, or of a log in a file: learned, kept, and what they say now."""
