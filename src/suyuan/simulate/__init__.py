"""The twin: a seeded city that produces files with known causes; it never touches a database.

window (days and their rhythm) · names, city, grid (who and what is there) · outages, demand, repeats,
contact (who calls) · flow (what becomes of it) · catalogue, routines, plants, stories, golden, background
(why, and the event log) · phrases, smalltalk, wording (the words) · readings, calls, files, log, ocel (the
files) · assemble (all of it, in order).
"""

from suyuan.simulate.assemble import build

__all__ = ["build"]
