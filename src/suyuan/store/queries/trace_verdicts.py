"""What people said of traces, and how often the method was right."""

from collections.abc import Collection
from dataclasses import dataclass

from suyuan.analytics.trace.scorecard import Judged
from suyuan.domain.trace_verdict import VERB, Verdict
from suyuan.store.models import Case, Event, TraceVerdict

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Last:
    """What was said last of the trace of a case, with the digest of its event."""

    said: TraceVerdict
    digest: str

    @property
    def verdict(self) -> Verdict:
        """Return what was said."""
        return Verdict(self.said.verdict)


def of(case: Case) -> list[TraceVerdict]:
    """Return what was said of the trace of a case, the last first."""
    found = TraceVerdict.objects.filter(case=case).select_related("unit", "note")
    return list(found.order_by("-judged_at", "-pk"))


def last(case: Case) -> Last | None:
    """Return what was said last of the trace of a case: it counts."""
    said = TraceVerdict.objects.filter(case=case).select_related("unit").order_by("-judged_at", "-pk").first()
    if said is None:
        return None
    events = Event.objects.filter(stream=f"case:{case.number}", verb=VERB).order_by("-seq")
    return Last(said, events.values_list("digest", flat=True).first() or "")


@dataclass(frozen=True, slots=True)
class Standing:
    """How the trace of a case stands: what was said last, and whether anybody doubts it."""

    said: TraceVerdict
    is_disputed: bool
    """Whether somebody ever said that its source is another one, or that it is not so."""


def standing(numbers: Collection[str]) -> dict[str, Standing]:
    """Return how the traces of cases stand, those that were judged."""
    rows = TraceVerdict.objects.filter(case__number__in=numbers).select_related("case", "unit")
    found: dict[str, Standing] = {}
    for said in rows.order_by("judged_at", "pk"):
        before = found.get(said.case.number)
        doubted = said.verdict != Verdict.CONFIRMED or (before is not None and before.is_disputed)
        found[said.case.number] = Standing(said, doubted)
    return found


def judged() -> list[Judged]:
    """Return what was said last of each trace, and how sure the method was; restricted ones left out."""
    rows = TraceVerdict.objects.filter(case__restricted=False).order_by("judged_at", "pk")
    verdicts = dict(rows.values_list("case__number", "verdict"))
    sure = _confidences(list(verdicts))
    return [Judged(Verdict(verdict), sure.get(number)) for number, verdict in verdicts.items()]


def _confidences(numbers: list[str]) -> dict[str, float | None]:
    """Return how sure the method was when cases were judged last; by stream, as events are indexed."""
    sure: dict[str, float | None] = {}
    for start in range(0, len(numbers), _CHUNK):
        streams = [f"case:{number}" for number in numbers[start : start + _CHUNK]]
        events = Event.objects.filter(stream__in=streams, verb=VERB).order_by("stream", "seq")
        for stream, detail in events.values_list("stream", "detail"):
            sure[stream.removeprefix("case:")] = detail.get("confidence")
    return sure
