"""What the papers of liability, veto and accountability say: shares, objections, penalty, who signed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from suyuan.domain.errors import Refused
from suyuan.domain.vocabulary import State
from suyuan.store import nodes, rules
from suyuan.store.models import Case, LiabilityShare, ShareObjection
from suyuan.store.queries import accountabilities, cases, people, shares, texts, vetoes
from suyuan.store.queries import liability as liabilities
from suyuan.store.queries.history import Line
from suyuan.store.queries.viewer import Viewer

Rows = list[dict[str, str]]
WITHHELD = "不在此列出"
"""What stands in the place of a name that whoever prints may not learn."""
BEGINS = {"put_forward", "open", "propose_penalty"}
"""With which of its steps what is signed begins: a later one takes the place of all before it."""
SIGNS = BEGINS | {
    *("review_shares", "sign_shares", "sign_veto", "appeal_veto", "keep_veto", "lift_veto"),
    *("review_penalty", "appeal_penalty", "keep_penalty", "put_in_effect"),
}
TITLED = {"open": "propose_veto"}
"""What the first step of a veto is called on paper: the verb by which its complaint opened it."""
SAID = ("analysis", "note")
"""The texts that go with a signature."""


def liability(_viewer: Viewer, case: Case, _lines: list[Line]) -> dict[str, str]:
    """Return the cause, the round and whether it is signed; raise Refused for a draft."""
    if case.state == State.DRAFTED:
        raise Refused("paper_not_ready", kind="liability", verb="put_forward")
    found = shares.of(case)
    heard = case.reviewed_at
    return {
        "complaint": found.about.number,
        "responsibility": rules.label("responsibility", found.cause),
        "skill_gap": rules.label("reason.skill_gap", found.skill) if found.skill else "",
        "liability_round": f"第 {found.round} 轮",
        "standing": "已签认" if case.state == State.ARCHIVED else "未签认，不作为考核依据",
        "objection_until": _ends(heard, "liability.objection") if heard else "",
    }


def matrix(viewer: Viewer, case: Case) -> dict[str, Rows]:
    """Return the shares of the newest round, and what units objected to, whichever round it was said in."""
    found = shares.of(case)
    lines, said = shares.shares(found), liabilities.objections(found)
    known = [row.person for row in lines if liabilities.names_person(viewer, row)]
    called = people.names({*known, *(name for one in said for name in (one.by, one.answered_by))} - {""})
    return {
        "shares": [_share(row, called.get(row.person, "") if row.person in known else "") for row in lines],
        "objections": [_objection(case, one, called.get(one.by, one.by), called) for one in said],
    }


def _share(row: LiabilityShare, name: str) -> dict[str, str]:
    return {
        "line": str(row.seq),
        "unit": row.unit.name,
        "node": nodes.title(row.node),
        "person": name or (WITHHELD if row.person else ""),
        "percent": f"{row.percent.normalize():f} %",
        "evidence": "\n".join(row.evidence),
        "source": "按证据提出" if row.proposed else "人工写入",
    }


def _objection(case: Case, one: ShareObjection, by: str, called: dict[str, str]) -> dict[str, str]:
    drawn = texts.drawn(case)
    if one.upheld is None:
        answer = "待答复"
    else:
        said = f"：{drawn(one.answer.masked)}" if one.answer else ""
        who = f"{called.get(one.answered_by, one.answered_by)} {_moment(one.answered_at)}"
        answer = f"{'成立' if one.upheld else '不成立'}{said}　{who}"
    return {
        "line": str(one.share.seq),
        "unit": one.share.unit.name,
        "reason": rules.label("reason.liability_objection", one.reason),
        "text": drawn(one.note.masked),
        "by": by,
        "at": _moment(one.at),
        "answer": answer,
    }


def veto(viewer: Viewer, case: Case, _lines: list[Line]) -> dict[str, str]:
    """Return whom a veto keeps from rewards, why and for which days."""
    found = vetoes.of(case)
    assert found is not None
    knows = vetoes.names_person(viewer, found)
    name = people.names({found.person}).get(found.person, found.person) if found.person else ""
    begins = found.begins_on.isoformat() if found.begins_on else "…"
    return {
        "complaint": case.parent_number,
        "vetoed": " ".join(filter(None, (found.unit.name, name if knows or not name else WITHHELD))),
        "veto_reason": rules.label("reason.veto", found.reason),
        "veto_span": f"{begins} 至 {found.until_on.isoformat()}",
        "evidence": found.evidence,
        "standing": _veto_stands(case),
    }


def _veto_stands(case: Case) -> str:
    if case.state == State.VOID:
        return "申诉成立，已撤销，视为从未生效"
    return "有效，申诉待决定" if case.state == State.DECIDING else "有效"


def accountability(_viewer: Viewer, case: Case, lines: list[Line]) -> dict[str, str]:
    """Return the penalty of one person; its case is seen by audit, leaders and that person alone."""
    found = accountabilities.of(case)
    proposed = _last(lines, "propose_penalty")
    effect = _last(lines, "put_in_effect")
    return {
        "complaint": case.parent_number,
        "concerned": people.names({found.person}).get(found.person, found.person),
        "liability_node": f"{found.share.unit.name}　{nodes.title(found.share.node)}",
        "percent": f"{found.share.percent.normalize():f} %",
        "penalty": rules.label("reason.penalty", found.penalty),
        "penalty_points": effect.get("penalty_points", ""),
        "established": proposed.get("analysis", ""),
        "evidence": proposed.get("evidence", ""),
        "appeal_until": _ends(case.reviewed_at, "accountability.appeal") if case.reviewed_at else "",
    }


def signatures(lines: Iterable[Line]) -> Rows:
    """Return who proposed, reviewed, signed and appealed, with what they said, since it was last begun."""
    rows: Rows = []
    for line in lines:
        if line.verb in BEGINS:
            rows = []
        if line.verb in SIGNS:
            form = dict(line.form)
            rows.append(
                {
                    "act": rules.label("verb", TITLED.get(line.verb, line.verb)),
                    "by": line.actor,
                    "at": _moment(line.at),
                    "text": "\n".join(form[name] for name in SAID if form.get(name)),
                }
            )
    return rows


def _last(lines: list[Line], verb: str) -> dict[str, str]:
    return next((dict(line.form) for line in reversed(lines) if line.verb == verb), {})


def _ends(since: datetime, figure: str) -> str:
    """Return when the days of a figure are over; a figure nobody confirmed says so."""
    found = rules.rulebook().figures[figure][-1]
    doubt = "" if found.certainty.assessable else "（期限未经确认）"
    return f"{_moment(since + timedelta(days=rules.figure(figure, 'days')))}{doubt}"


def _moment(at: datetime | None) -> str:
    return at.astimezone(cases.LOCAL).strftime("%Y-%m-%d %H:%M") if at else ""
