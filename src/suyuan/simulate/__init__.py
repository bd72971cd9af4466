"""The twin: a seeded city that produces files with known causes; it never touches a database.

window (days and their rhythm) · names, city, grid (who and what is there) · outages, demand, repeats,
contact (who calls) · flow (what becomes of it) · catalogue, routines, plants, stories, golden, background
(why, and the event log) · phrases, smalltalk, wording (the words) · readings, calls, files, log, ocel (the
files) · precursors (what shows before a complaint, where asked for) · town (all of it, in order) · assemble
(its files).
"""

from suyuan.simulate.assemble import build, write
from suyuan.simulate.town import Size, Town, imagine

__all__ = ["Size", "Town", "build", "imagine", "write"]
