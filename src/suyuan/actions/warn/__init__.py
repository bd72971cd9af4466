"""Warn: signals are kept, graded and opened as warnings, which are acted on and closed with proof.

- ``keeping``  what a run of the detectors found: each signal once, over when it is gone
- ``opening``  a warning of a signal, by itself or by a person; one of the same joins it
- ``muting``   signals that open nothing for a time
- ``acting``   what the verbs of a warning change
- ``comparing`` the monthly comparison of units, kept once a month
- ``naming``   each unit it names gets a warning, with a notice that it replies to
- ``watching`` one run of the detectors: found, kept, opened
"""
