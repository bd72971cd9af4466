"""What people said of traces, and how often the method was right."""

from collections import Counter

from suyuan.domain.trace_verdict import Verdict
from suyuan.store.models import Case, TraceVerdict


def of(case: Case) -> list[TraceVerdict]:
    """Return what was said of the trace of a case, the last first."""
    found = TraceVerdict.objects.filter(case=case).select_related("unit", "note")
    return list(found.order_by("-judged_at", "-pk"))


def tally() -> dict[Verdict, int]:
    """Return how many complaints were judged which way last, those of restricted cases left out."""
    rows = TraceVerdict.objects.filter(case__restricted=False).order_by("judged_at", "pk")
    last = dict(rows.values_list("case", "verdict"))
    count = Counter(last.values())
    return {verdict: count[verdict] for verdict in Verdict}
