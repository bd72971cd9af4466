"""What the rulebook says of weak links, and what their measures are called."""

from suyuan.analytics.measures import find
from suyuan.analytics.weak_links import COMPLAINTS, TIMES, Wanted
from suyuan.store import rules


def looked_at() -> Wanted:
    """Return the measures that are looked at, as the rulebook in force says."""
    terms = rules.rulebook().figures["weak_links.measures"][-1].terms
    return Wanted(tuple(terms["low"]), tuple(terms["high"]))


def title(measure: str, language: str) -> str:
    """Return what a measure is called."""
    if measure in (COMPLAINTS, *TIMES):
        return rules.label("weak_link", measure, language)
    found, _ = find(measure)
    return str(found.title.en if language.startswith("en") else found.title.zh)
