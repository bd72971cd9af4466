"""What shows before complaints, planted so that whoever looks ahead can be marked against the truth.

planted (what a precursor is) · supply, orders, accounts, service (where they come from) · hazard (who
complains more, and how probably) · anyway (what shows before complaints anyway) · planting (all, in order) ·
told (into the log) · truth, files (the files). Each has its own dice: a city without them stays as it is.
"""
