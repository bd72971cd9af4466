"""Risk: how likely is something, of each subject, by what was known at a moment; pure functions.

In reading order:

- ``timeline``   what happened to subjects, and the guard: a row later than the moment asked is never read
- ``told``       a whole log as a model takes it; ``question`` what is asked of it
- ``outcome``    what became of each subject, and from when on that is certain
- ``moments``    at which moments subjects are looked at; ``split`` which rows learn, calibrate and judge
- ``recipe``     what features have to know of the past; ``features`` the numbers by moment
- ``fitting``    logistic or boosted trees by scikit-learn, kept as our own arrays; ``forest``, ``linear``
                 score and explain them without it
- ``calibrated`` from a score to a probability with its interval; ``doubt`` when nothing is said
- ``judging``    precision and recall, calibration, lead time, beside the trivial rules
- ``learned``    all of it in a row: a model with its card; ``saving`` as JSON and back
"""
