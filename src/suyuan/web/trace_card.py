"""What a complaint came from, on the page of its case: the chain drawn, how sure it is, what people said."""

from dataclasses import dataclass

from suyuan.actions import traced
from suyuan.store.queries.viewer import Viewer

from . import trace_verdict, trace_ways, traces
from .trace_verdict import Said
from .trace_ways import Way

COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Card:
    """What the page of a case shows of its trace."""

    sentence: str = ""
    is_sure: bool = False
    way: Way | None = None
    said: Said | None = None
    """What was said of it last."""
    may_judge: bool = False


def panel(viewer: Viewer, case) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """Return the trace of a complaint the log knows; only the way there as long as it is not learned from.

    A page of a case waits for nothing to be learned: what is learned answers in milliseconds.
    """
    if not traced.is_learned(case.number):
        return {"trace": Card()} if case.procedure == COMPLAINT else {}
    found = traces.of(viewer, case.number)
    if found is None:
        return {}
    way, said = trace_ways.surest(found), trace_verdict.said(case)
    return {
        "trace": Card(
            found.sentence,
            found.answer.chain is not None,
            way,
            said[0] if said else None,
            way is not None and trace_verdict.may(viewer, case),
        )
    }
