"""Where are there suddenly more than are to be expected? docs/methods/hotspots.md.

``scan`` is where to begin: counts of days over nodes of trees in, signals out. Pure functions on arrays.
"""
