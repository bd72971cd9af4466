"""How do counted parts become a figure with its interval?"""

from suyuan.analytics import intervals
from suyuan.analytics.measures.measure import Figure, Given, Measure, Parts, excluded


def share(measure: Measure, parts: Parts, given: Given) -> Figure:  # noqa: ARG001 — one signature for all
    """Return n/of with Wilson's interval; no value when nothing qualifies."""
    n, of = parts["n"], parts["of"]
    bounds = intervals.wilson(n, of)
    low, high = bounds or (None, None)
    return Figure(n / of if of else None, n, of, low, high, excluded(parts))


def amount(measure: Measure, parts: Parts, given: Given) -> Figure:  # noqa: ARG001 — one signature for all
    """Return a plain count with its Poisson interval."""
    low, high = intervals.poisson(parts["n"]) or (None, None)
    return Figure(parts["n"], parts["n"], None, low, high, excluded(parts))


def per_customers(measure: Measure, parts: Parts, given: Given) -> Figure:
    """Return the count per ``scale`` customers; no value while the number of customers is unknown."""
    n, customers = parts["n"], given("customers")
    left_out = excluded(parts)
    if not customers:
        return Figure(None, n, 0, excluded={**left_out, "no_customers": n})
    low, high = intervals.poisson(n, customers) or (0.0, 0.0)
    scale = measure.scale
    return Figure(n / customers * scale, n, customers, low * scale, high * scale, left_out)


def missing(measure: Measure, given: Given) -> dict[str, float]:
    """Return one exclusion code for each input that was not given."""
    return {f"no_{name}": 1 for name in measure.inputs if given(name) is None}
