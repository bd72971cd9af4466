"""Frames: what the detectors read of this home, as Arrow tables that hold what was known at a moment.

One module a frame, each with ``load(as_of)`` and its columns; ``actions/detecting/frames.py`` names them.
What is restricted or kept secret is in none of them: the audit desk minds it.
"""
