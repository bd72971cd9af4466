"""What a penetration report says: the five parts, the items, every sheet of the round it was written in."""

from collections.abc import Mapping

from suyuan.domain.fields import REPORT, Field
from suyuan.domain.papers import SHEETS
from suyuan.domain.signatures import ANALYSIS
from suyuan.store import clauses, handed_in, rules
from suyuan.store.models import Case
from suyuan.store.queries import cases, evidence, history, inquiry, personal
from suyuan.store.queries.history import Line
from suyuan.store.queries.viewer import Viewer

NOTHING = "—"
VISIT = "visit_site"
"""The sheet of which each is an act of its own; another one replaces none."""
BEGINS_AGAIN = ("second_handle", "reopen")
"""The verbs with which a case is handled once more."""
Rows = list[dict[str, str]]


def rounds(lines: list[Line]) -> list[list[Line]]:
    """Return what happened, by the rounds in which a case was handled."""
    found: list[list[Line]] = [[]]
    for line in lines:
        if line.verb in BEGINS_AGAIN:
            found.append([])
        found[-1].append(line)
    return found


def of_the_report(lines: list[Line]) -> tuple[int, list[Line], bool]:
    """Return the round of the last report, counted from 1, what happened in it, whether it is the last."""
    every = rounds(lines)
    written = [at for at, each in enumerate(every) if any(line.verb == "write_report" for line in each)]
    last = written[-1] if written else len(every) - 1
    return last + 1, every[last], last == len(every) - 1


def own(_viewer: Viewer, case: Case, lines: list[Line]) -> dict[str, str]:
    """Return the texts of the report, and what is lacking beside it."""
    number, round_, is_last = of_the_report(lines)
    report, analysis = _last(round_, "write_report"), _last(round_, ANALYSIS)
    told = ("direct_cause", "management_cause", "specialty_measures")
    again = f"（第 {number} 次办理）" if number > 1 else ""
    return {
        **_texts(report, tuple(part.name for part in REPORT)),
        "found_at": f"{_moment(report)}{again}",
        "found_by": report.actor if report else "",
        "finding": rules.label("finding", case.finding),
        "lacking": _lacking(case)
        if is_last
        else f"第 {number + 1} 次办理的报告还没有写，这是第 {number} 次的",
        **_texts(analysis, told),
        "analysed_at": _moment(analysis),
        "analysed_by": analysis.actor if analysis else "",
    }


def _last(lines: list[Line], verb: str) -> Line | None:
    return next((line for line in reversed(lines) if line.verb == verb), None)


def _texts(line: Line | None, names: tuple[str, ...]) -> dict[str, str]:
    form = dict(line.form) if line else {}
    return {name: form.get(name, "") for name in names}


def _moment(line: Line | None) -> str:
    return line.at.astimezone(cases.LOCAL).strftime("%Y-%m-%d %H:%M") if line else ""


def _lacking(case: Case) -> str:
    """Return in words which sheets are asked for and not there."""
    found = inquiry.of(case)
    owed, advised = list(found.missing), [verb for verb in found.asked.advised if verb not in found.sheets]
    if found.analysis and ANALYSIS not in found.sheets:
        (owed if found.analysis == "required" else advised).append(ANALYSIS)
    said = [
        f"{title}：{'、'.join(rules.label('verb', verb) for verb in verbs)}"
        for title, verbs in (("应有而未写", owed), ("建议而未写", advised))
        if verbs
    ]
    return "；".join(said) or "无"


def sheets(viewer: Viewer, case: Case, lines: list[Line]) -> dict[str, Rows]:
    """Return each kind of sheet that stands in the round of the report, as rows of label and value."""
    _, round_, _ = of_the_report(lines)
    fields, files = history.asked(case), names(viewer, case)
    found: dict[str, Rows] = {}
    for name, verb in SHEETS.items():
        written = [line for line in round_ if line.verb == verb]
        found[name] = [
            row for head, line in _standing(verb, written) for row in _sheet(head, line, fields, files)
        ]
    return found


def _standing(verb: str, written: list[Line]) -> list[tuple[str, Line]]:
    """Return the sheets of a kind that stand, with their heads: every visit, of the others the last."""
    if verb == VISIT and len(written) > 1:
        return [(f"第 {n} 次，填写", line) for n, line in enumerate(written, 1)]
    replaced = f"（已替换此前 {len(written) - 1} 份）" if len(written) > 1 else ""
    return [(f"填写{replaced}", line) for line in written[-1:]]


def _sheet(head: str, line: Line, fields: Mapping[tuple[str, str], Field], files: Mapping[str, str]) -> Rows:
    """Return one sheet: who wrote it when, what was handed in, what it came to."""
    told = [(head, f"{line.actor}　{_moment(line)}")]
    told += [
        (rules.label("field", name), _named(_words(fields, line.verb, name, value), files))
        for name, value in line.form
    ]
    return [{"label": label, "value": value} for label, value in (*told, *handed_in.results(line.facts))]


def _words(fields: Mapping[tuple[str, str], Field], verb: str, name: str, value: str) -> str:
    return handed_in.words(fields.get((verb, name)), name, value, {})


def names(viewer: Viewer, case: Case) -> dict[str, str]:
    """Return what the files of a case are called, by digest."""
    return {file.sha256: file.name for file in evidence.pieces(viewer, case)}


def _named(text: str, files: Mapping[str, str]) -> str:
    for digest, name in files.items():
        text = text.replace(digest, name)
    return text


def items(viewer: Viewer, case: Case) -> Rows:
    """Return the items of a case with what was found of each."""
    found, files = inquiry.of(case), names(viewer, case)
    return [
        {
            "item": str(item.seq),
            "text": personal.statement(case, item),
            "finding": rules.label("finding", item.finding) if found.stands(item) else NOTHING,
            "clause": clauses.words(item.clause) if item.clause else NOTHING,
            "evidence": _named(item.evidence, files) or NOTHING,
        }
        for item in found.items
    ]
