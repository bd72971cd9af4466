"""Privacy: the keys of what is sealed, looks at it, and its end."""
