"""Call back: ask the customer; a dissatisfied one opens a second handling, a suggestion a case of its own."""

from suyuan.domain import fields
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.vocabulary import Role, State
from suyuan.store.queries import callbacks

from . import archive, card
from ._change import Change
from ._open_child import open_child


def call_back(change: Change) -> State | None:
    """Record an attempt; only a customer who was reached counts as called back."""
    case = change.case
    _complete(change)
    if change.form["reached"]:
        case.satisfaction = change.text("satisfaction") or "not_rated"
        card.heard(case)
        _ask_of_the_repair(change)
        _pass_on(change)
    else:
        _apart(change)
        case.unreached += 1
        change.detail["unmarked"] = ("called_back_at",)
    return None


def _complete(change: Change) -> None:
    """Refuse an attempt without its reason; tables before version 3 asked for none."""
    if fields.UNREACHED not in change.step.form:
        return
    owed: tuple[fields.Field, ...] = ()
    if not change.form["reached"]:
        owed = (fields.UNREACHED,)
    elif change.form.get("satisfaction") == "dissatisfied":
        owed = (fields.DISSATISFIED, fields.MORE_NEEDED)
    if missing := [one.name for one in owed if change.form.get(one.name) is None]:
        raise BadInput("bad_form", fields=dict.fromkeys(missing, "required"))


def _apart(change: Change) -> None:
    """Refuse an attempt that follows too soon on one that reached nobody: it would be none."""
    due = callbacks.next_attempt(change.case)
    if fields.UNREACHED in change.step.form and due is not None and change.at < due:
        raise Refused("attempt_too_soon", since=due.isoformat())


def _ask_of_the_repair(change: Change) -> None:
    """Keep what the customer says of supply and crew first: a second handling never replaces it."""
    case, first = change.case, change.case.episode == 1
    if change.text("crew_rating") and (first or not case.crew_rating):
        case.crew_rating = change.text("crew_rating")
    stable = change.form.get("supply_stable")
    if stable is not None and (first or case.supply_stable is None):
        case.supply_stable = bool(stable)


def _pass_on(change: Change) -> None:
    """Open a case for what the customer suggested; a restricted case keeps it to itself."""
    suggestion = change.text("suggestion")
    if suggestion and not change.case.restricted and fields.UNREACHED in change.step.form:
        given = {"suggestion": suggestion}
        change.detail["opened"] = open_child(change, "opinion", "suggestion", given, (Role.AGENT,))


def second_handle(change: Change) -> State | None:
    """Open a second handling for a customer who is not content."""
    archive.begin_again(change)
    return None


def analyse_responsibility(change: Change) -> State | None:
    """Say why the first answer did not hold, and whose part it was."""
    change.keep_before("responsibility")
    change.case.responsibility = change.text("responsibility")
    return None
