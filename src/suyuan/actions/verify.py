"""Verify: is it true, and does the reply hold; by somebody who did not handle it."""

from suyuan.domain import procedure
from suyuan.domain.errors import Refused
from suyuan.domain.vocabulary import EXCLUDED, State
from suyuan.store.models import Case
from suyuan.store.queries import hidden, inquiry, org, replies, texts

from . import _items, _sheets, handle
from ._change import Change


def add_item(change: Change) -> State | None:
    """Take down one more thing the customer asks for."""
    _items.add(change)
    return None


def drop_item(change: Change) -> State | None:
    """Take an item out again that was not one, as long as nobody judged it."""
    _items.drop(change)
    return None


def judge_item(change: Change) -> State | None:
    """Give one item its finding."""
    _items.judge(change, _items.chosen(change))
    return None


def write_sheet(change: Change) -> State | None:
    """Write a sheet of the investigation."""
    handle.work(change)
    return _sheets.write(change)


def visit_site(change: Change) -> State | None:
    """Write down what somebody who does not handle the case found on site."""
    return _sheets.visit(change)


def analyse_specialty(change: Change) -> State | None:
    """Say for the responsible specialty why it came to what was true, and what is done about it."""
    return _sheets.write(change)


def submit_finding(change: Change) -> State | None:
    """Hand in what was found; where items are judged one by one it is what the unit proposes."""
    change.keep_before("finding", "finding_assessed", "handlers")
    case = change.case
    if not procedure.knows(change.procedure, "judge_item"):
        _find(case, change.text("finding"))
        return handle.work(change)
    _read(change, {name: change.text(name) for name in replies.PARTS})
    if any(_changed(change, name) for name in replies.PARTS):
        case.revision += 1
        _items.derive(case)
    return handle.work(change)


def _find(case: Case, finding: str) -> None:
    """Set what was found; what an appeal took out of the assessment stays out of it."""
    case.finding = finding
    if case.finding_assessed != EXCLUDED:
        case.finding_assessed = finding


def _read(change: Change, said: dict[str, str]) -> None:
    """Keep what is doubtful in a reply for whoever reviews it; refuse one that lacks what it must say."""
    found = replies.read(change.case, said)
    if replies.lacking(found):
        raise Refused("reply_incomplete", **replies.gaps(found))
    change.case.doubts = replies.marks(found)
    if change.case.doubts:
        change.detail["doubts"] = change.case.doubts


def _changed(change: Change, name: str) -> bool:
    """Tell whether a text differs from the one handed in before, as far as it is masked and drawn."""
    before = change.case.notes.filter(field=name).order_by("-pk").values_list("masked", flat=True).first()
    draw = texts.drawn(change.case)
    return before is None or draw(before) != draw(hidden.masks(change.case)(change.text(name)))


def review_pass(change: Change) -> State | None:
    """Let the reply leave; where the form gives a finding it is that of the item still open."""
    finding = change.text("finding")
    if finding and procedure.knows(change.procedure, "judge_item"):
        if finding != change.case.finding or inquiry.of(change.case).unjudged:
            _items.judge(change, _items.open_one(change))
    elif finding:
        if finding != change.case.finding:
            change.detail["was"] = {"finding": change.case.finding}
        _find(change.case, finding)
    change.detail["signed"] = signed(change.case)
    return None


def review_amend(change: Change) -> State | None:
    """Let the reply leave in other words; the former ones stay, with the reason."""
    _read(change, replies.handed_in(change.case) | {"reply": change.text("reply")})
    return review_pass(change)


def review_return(change: Change) -> State | None:
    """Send the order back to the step that was chosen; what was signed stands until its matter changes."""
    change.detail["signed"] = signed(change.case)
    case, step = change.case, change.text("back_to")
    if step in (State.DISPATCHED, State.REGISTERED):
        change.keep_before("handler", "taken_at")
        change.detail["was"] |= {"unit": case.unit.code}  # type: ignore[operator]
        case.handler, case.taken_at = "", None
    if step == State.REGISTERED:
        case.unit = case.desk or org.root_of(case.unit)
        case.dispatched_at = None
    return None


def signed(case: Case) -> dict[str, object]:
    """Return the marks of what is signed on a case, by sheet and by item."""
    items = {str(item.seq): item.signed for item in case.items.order_by("seq") if item.signed}
    return {"sheets": dict(case.sheets), "items": items, "revision": case.revision}
