"""The items of a case: taken apart, and judged each on evidence."""

import re

from suyuan.domain import signatures
from suyuan.domain.errors import BadInput, Refused
from suyuan.store.models import Case, Item
from suyuan.store.queries import inquiry

from ._change import Change

DIGEST = re.compile(r"[0-9a-f]{64}")


def kept(case: Case) -> list[Item]:
    """Return the items of a case as rows: what the contact says becomes the first when it is first needed."""
    found = inquiry.items_of(case)
    for item in found:
        if item.pk is None:
            item.save()
    return found


def add(change: Change) -> None:
    """Write down one more thing the customer asks for."""
    items = kept(change.case)
    seq = items[-1].seq + 1
    Item.objects.create(
        case=change.case,
        seq=seq,
        category=change.text("category"),
        statement=change.note("statement"),
        episode=change.case.episode,
    )
    change.detail["item"] = seq
    derive(change.case)


def drop(change: Change) -> None:
    """Take an item out again; what it said stays in the history."""
    item = chosen(change)
    if item.statement is None:
        raise Refused("first_item", item=item.seq)
    if item.finding:
        raise Refused("item_judged", item=item.seq)
    change.detail["item"] = item.seq
    item.delete()
    derive(change.case)


def chosen(change: Change) -> Item:
    """Return the item the form names; raise BadInput where the case has no such item."""
    for item in kept(change.case):
        if str(item.seq) == change.text("item"):
            return item
    raise BadInput("bad_form", fields={"item": "unknown_item"})


def open_one(change: Change) -> Item:
    """Return the one item without a finding; raise BadInput where there is none, or more."""
    items = kept(change.case)
    found = inquiry.of(change.case)
    still = [item for item in items if str(item.seq) in found.unjudged]
    if len(still) != 1:
        raise BadInput("bad_form", fields={"finding": "judge_each_item"})
    return still[0]


def judge(change: Change, item: Item) -> None:
    """Give an item its finding; the former one is kept in the event."""
    _check(change, item)
    case = change.case
    about = inquiry.about_of(case, inquiry.items_of(case))
    if item.finding:
        was = {name: getattr(item, name) for name in ("finding", "clause", "evidence", "decided_by")}
        change.detail["was"] = {"item": item.seq, **was}
    item.finding, item.clause = change.text("finding"), change.text("clause")
    item.evidence, item.signed = change.text("evidence"), signatures.finding(item.seq, about)
    item.decided_by, item.decided_at = change.actor.username, change.now
    item.episode = case.episode
    item.save()
    change.detail |= {"item": item.seq, "signed": item.signed}
    derive(case)


def derive(case: Case) -> None:
    """Set the finding on the case from those on its items; one assessed otherwise stays beside it."""
    found = inquiry.of(case)
    findings = [item.finding if found.stands(item) else "" for item in found.items]
    apart = case.finding_assessed != case.finding  # an appeal's outcome among others
    case.finding = signatures.derived(findings)
    if not apart:
        case.finding_assessed = case.finding


def _check(change: Change, item: Item) -> None:
    problems = {}
    if not change.text("evidence"):
        problems["evidence"] = "required"
    elif not listed(change.case, change.text("evidence")):
        problems["evidence"] = "unknown_evidence"
    if change.text("finding") != "unverified" and not change.text("clause"):
        problems["clause"] = "clause_needed"
    if item.finding not in ("", change.text("finding")) and not change.text("note"):
        problems["note"] = "reason_needed"
    if problems:
        raise BadInput("bad_form", fields=problems)


def listed(case: Case, evidence: str) -> bool:
    """Tell whether every file that is named lies in the locker of the case; other words are documents."""
    named = set(DIGEST.findall(evidence))
    there = case.attachments.filter(sha256__in=named, withdrawn_at=None).values_list("sha256", flat=True)
    return named == set(there)
