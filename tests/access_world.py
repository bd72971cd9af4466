"""A small office in which every row stands somewhere: what the matrix of addresses and roles walks through.

A page that takes a parameter needs a row of that kind in the viewer's own unit, in a sibling, in the parent
and, for cases, a restricted one: add it to ``TARGETS``.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from suyuan.actions import bulk, imports, intake, org, publish, staff, views
from suyuan.actions.notice.queue import Draft, queue
from suyuan.domain.procedure import SYSTEM
from suyuan.domain.vocabulary import Role
from suyuan.store import fingerprint, seal
from suyuan.store.models import (
    AuditSample,
    Campaign,
    Case,
    FirstMove,
    Grant,
    ImportRun,
    Improvement,
    LedgerEntry,
    Liability,
    LiabilityShare,
    MissedCall,
    Note,
    Person,
    Publication,
    Relay,
    SampledCase,
    Support,
    TrainingNeed,
    Unit,
    Veto,
)
from suyuan.store.queries import viewer
from suyuan.store.queries.listing import Filters
from suyuan.web import uploads
from suyuan.web.access import Reach
from tests import customer_files, first_moves, warned
from tests.call_files import missed
from tests.evidence_files import add
from tests.factories import NOW, TYPES, actor, do, incoming, person, unit
from tests.lakes import fresh_lake


class Where(StrEnum):
    """Where a row stands, seen from somebody of the supply station 0101."""

    OWN = "own"
    SIBLING = "sibling"
    PARENT = "parent"
    RESTRICTED = "restricted"


UNIT_OF = {Where.OWN: "0101", Where.SIBLING: "0102", Where.PARENT: "01", Where.RESTRICTED: "0101"}
SEES_RESTRICTED = {Role.AUDIT, Role.LEADER}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who asks: a role over the station or over the whole company, no role, or nobody at all."""

    role: Role | None
    at: str
    user: Person | None = None

    def __str__(self) -> str:
        return f"{self.role or ('somebody' if self.user else 'anonymous')} at {self.at or 'nowhere'}"

    def sees(self, where: Where, reach: Reach) -> bool:
        """Return whether a row that stands there lies in reach of an address."""
        if self.role is None or (self.role is Role.ADMIN and reach in (Reach.CASES, Reach.CASE)):
            return False
        reaches = self.at == "01" or where in (Where.OWN, Where.RESTRICTED)
        return reaches and (where is not Where.RESTRICTED or self.role in SEES_RESTRICTED)


@dataclass(slots=True)
class World:
    """What stands where."""

    folder: Path
    cases: dict[Where, str] = field(default_factory=dict)
    files: dict[Where, str] = field(default_factory=dict)
    runs: dict[Where, int] = field(default_factory=dict)
    staff: dict[Where, int] = field(default_factory=dict)
    tokens: dict[Where, str] = field(default_factory=dict)
    messages: dict[Where, int] = field(default_factory=dict)
    publications: dict[Where, int] = field(default_factory=dict)
    lists: dict[Where, int] = field(default_factory=dict)
    bulk_runs: dict[Where, int] = field(default_factory=dict)
    views: dict[Where, int] = field(default_factory=dict)
    said: dict[Where, list[str]] = field(default_factory=dict)
    """Words that stand on nothing but the rows there: on a page of somebody out of reach they are a leak."""
    viewers: list[Viewer] = field(default_factory=list)


def build(folder: Path) -> World:
    """Return the office, made through the real verbs."""
    world = World(folder)
    unit()
    customer_files.load(folder)
    form = {"post_name": "坐席", "roles": "agent", "over": "unit"}
    org.save_post(code="agent", form=form, actor=actor("admin"), now=NOW)
    for where in Where:
        number = case(where)
        content = f"file of {where}".encode()
        add(Case.objects.get(number=number), content, f"f-{where}.txt", by=_owner(where))
        world.cases[where], world.files[where] = number, hashlib.sha256(content).hexdigest()
        world.said[where] = [number, PHONE[where], f"暗号{where}"]
        _linked(world, where)
        if where is not Where.RESTRICTED:
            _people_and_runs(world, where)
            _staff_session(world, where)
            _sample(world, where)
            _missed(world, where)
        _first_move(world, where)
    world.said[Where.SIBLING].append(unit("0102").name)
    fresh_lake()
    world.viewers = [
        *(Viewer(role, "0101", person(role, "0101", f"{role}-0101")) for role in Role),
        *(Viewer(role, "01", person(role, "01", f"{role}-01")) for role in (Role.OFFICE, Role.AUDIT)),
        Viewer(None, "", Person.objects.create(username="roleless", name="roleless")),
        Viewer(None, ""),
    ]
    return world


def everybody() -> Person:
    """Return somebody who holds every role over the whole company: who opens the most pages."""
    found = person("office", "01", "everybody")
    for role in set(Role) - {Role.OFFICE}:
        Grant.objects.create(person=found, role=role, unit=unit("01"))
    return found


def _missed(world: World, where: Where) -> None:
    place = list(Where).index(where)
    missed(place, UNIT_OF[where], f"1380000{place:04}", f"拨{where}")
    world.said[where] += [f"1380000{place:04}", f"拨{where}"]


def _first_move(world: World, where: Where) -> None:
    """Put the case there on the list of its desk of a day."""
    at = unit(UNIT_OF[where])
    first_moves.entry(Case.objects.get(number=world.cases[where]), at, taken_by=f"先手{where}")
    world.said[where].append(f"先手{where}")


def _sample(world: World, where: Where) -> None:
    case = Case.objects.get(number=world.cases[where])
    sample = AuditSample.objects.create(
        period="2026-03",
        unit=unit(UNIT_OF[where]),
        seed=str(where),
        n=1,
        population=1,
        drawn_by="audit",
        drawn_at=NOW,
    )
    SampledCase.objects.create(sample=sample, case=case, place=1, part="random")


def _linked(world: World, where: Where) -> None:
    """Let something be relayed, support be asked for and the register hold something about the case there."""
    case = Case.objects.get(number=world.cases[where])
    ref, sealed = seal.noted({"text": f"暗号{where}"})
    note = Note.objects.create(case=case, field="message", ref=ref, masked=f"暗号{where}", sealed=sealed)
    sent = {"to": "marketing", "sent_by": "agent", "sent_at": NOW}
    Relay.objects.create(case=case, seq=1, message=note, **sent)
    Support.objects.create(case=case, asked_by="agent", unit=unit("01"))
    Improvement.objects.create(case=case, kind="hardware")
    _liable(where, case)
    LedgerEntry.objects.create(
        kind="penalty",
        amount=2,
        counted="points",
        unit=unit(UNIT_OF[where]),
        ground="other",
        case=case,
        words=f"暗号{where}",
        mark=str(where),
        state="signed",
        proposed_by="office",
        proposed_at=NOW,
        decided_by="audit",
        decided_at=NOW,
    )


def _liable(where: Where, case: Case) -> None:
    """Let a share of a liability be out for objection, and somebody have to be trained."""
    held = {"unit": unit(UNIT_OF[where]), "node": "order.handle"}
    child = Case.objects.get(pk=case.pk)
    child.pk, child.number, child.procedure, child.version = None, f"{case.number}L", "liability", 1
    child.state, child.business_type, child.is_child, child.parent_number = (
        "signing",
        "liability",
        True,
        case.number,
    )
    child.save()
    found = Liability.objects.create(case=child, about=case)
    LiabilityShare.objects.create(
        liability=found, round=1, seq=1, percent=100, evidence=[f"暗号{where}"], **held
    )
    days = {"begins_on": "2026-03-01", "until_on": "2999-12-31", "reason": "other"}
    Veto.objects.create(case=case, unit=held["unit"], person=f"否决{where}", evidence=f"暗号{where}", **days)
    TrainingNeed.objects.create(liability=found, skill="business", at=NOW, person=f"学员{where}", **held)


def _sampled(world: World, where: Where) -> SampledCase:
    return SampledCase.objects.get(case__number=world.cases[where])


def _campaign(where: Where) -> Campaign:
    days = {"baseline_from": "2026-01-01", "starts_on": "2026-02-01", "ends_on": "2026-03-01"}
    known = days | {"baseline": 3, "opened_by": "office", "opened_at": NOW}
    at = {"unit": Unit.objects.get(code=UNIT_OF[where]), "goal": f"专项-{where}"}
    return Campaign.objects.get_or_create(**at, defaults=known)[0]


def _staff_session(world: World, where: Where) -> None:
    boss = actor("admin", UNIT_OF[where], f"boss-{where}")
    held = staff.open_session(reason=f"核对{where}", minutes=30, sign_in=None, actor=boss, now=NOW)
    world.staff[where] = held.pk
    world.said[where].append(boss.username)


PHONE = {where: f"1391234{index}678" for index, where in enumerate(Where)}


def _owner(where: Where):
    return actor("audit", "01", "world-audit") if where is Where.RESTRICTED else actor("office")


def case(where: Where) -> str:
    """Return a case that stands where it should, registered by somebody who is no viewer."""
    kind = "report" if where is Where.RESTRICTED else "complaint"
    said = incoming(business_type=TYPES[kind], text=f"客户反映暗号{where}，请核实", phone=PHONE[where])
    number = intake.receive(incoming=said, actor=actor("agent"), now=NOW)
    found = do(Case.objects.get(number=number), "register", "agent", business_type=TYPES[kind])
    if where is not Where.PARENT:
        do(
            found,
            "dispatch",
            "office" if kind == "complaint" else "agent",
            unit=UNIT_OF[where],
            specialty="marketing",
        )
    return number


def _people_and_runs(world: World, where: Where) -> None:
    importer = person("lead", UNIT_OF[where], f"importer-{where}")
    file = world.folder / f"orders-{where}.csv"
    file.write_text(f"工单编号\n{where}\n", "utf-8")
    run = imports.queue(
        path=file, name=file.name, layout="suyuan", actor=actor("lead", "", importer.username), now=NOW
    )
    ImportRun.objects.filter(pk=run).update(quarantine_file=str(file), state="done")
    kept = uploads.keep(SimpleUploadedFile(file.name, file.read_bytes()), importer.username)
    world.views[where] = views.save(person=importer, name=f"view-{where}", query="scope=open", now=NOW)
    told = Draft(
        f"told-{where}", "in_app", "test", f"station@{UNIT_OF[where]}", facts={"title": f"途径{where}"}
    )
    world.messages[where] = queue(draft=told, actor=SYSTEM, now=NOW)
    world.publications[where] = _publication(where)
    wanted = publish.WantedList(Filters(), ("state",))
    world.lists[where] = publish.queue_list(wanted=wanted, rows=1, viewer=viewer.of(importer), now=NOW).pk
    world.bulk_runs[where] = _bulk_run(world, where, importer)
    world.runs[where], world.tokens[where] = run, kept.token
    world.said[where] += [importer.username, file.name, f"view-{where}", f"途径{where}"]
    world.said[where].append(f"publication-{where}")


def _bulk_run(world: World, where: Where, asker: Person) -> int:
    """Return a run of somebody who is no viewer."""
    case = Case.objects.select_related("unit").get(number=world.cases[where])
    seen = viewer.of(asker)
    offer = next(one for one in bulk.offers(seen, [case], NOW) if one.verb == "urge")
    marks = {case.number: fingerprint.of(case)}
    return bulk.ask(offer=offer, ticked=marks, form={"note": "请抓紧"}, actor=seen.actor, now=NOW)


def _publication(where: Where) -> int:
    """Return a finished document about the unit, its file in place."""
    wanted = publish.Wanted("board", "2026-W10", UNIT_OF[where])
    row = publish.queue(wanted=wanted, actor=actor("office"), now=NOW)
    digest = hashlib.sha256(where.encode()).hexdigest()
    (publish.folder() / f"{digest}.xlsx").write_text(f"publication-{where}", "utf-8")
    done = {"state": "done", "sha256": digest, "name": f"publication-{where}.xlsx"}
    Publication.objects.filter(pk=row.pk).update(**done)
    return row.pk


Target = Callable[[World, Where], object]

TARGETS: dict[str, Target] = {
    "number": lambda world, where: world.cases[where],
    "sha256": lambda world, where: world.files[where],
    "session_id": lambda world, where: world.staff[where],
    "run_id": lambda world, where: world.runs[where],
    "token": lambda world, where: world.tokens[where],
    "username": lambda world, where: f"importer-{where}",
    "unit_code": lambda world, where: UNIT_OF[where],
    "grant_id": lambda world, where: Grant.objects.get(person__username=f"importer-{where}").pk,
    "view_id": lambda world, where: world.views[where],
    "bulk_id": lambda world, where: world.bulk_runs[where],
    "publication_id": lambda world, where: world.publications[where],
    "export_id": lambda world, where: world.lists[where],
    "entry_id": lambda world, where: LedgerEntry.objects.get(mark=str(where)).pk,
    "sample_id": lambda world, where: _sampled(world, where).sample_id,
    "call_id": lambda world, where: MissedCall.objects.get(masked=f"拨{where}").pk,
    "move_id": lambda world, where: FirstMove.objects.get(case__number=world.cases[where]).pk,
    "share_id": lambda world, where: (
        LiabilityShare.objects.get(liability__about__number=world.cases[where]).pk
    ),
    "campaign_id": lambda world, where: _campaign(where).pk,
    "sampled_id": lambda world, where: _sampled(world, where).pk,
    "message_id": lambda world, where: world.messages[where],
    "signal_id": lambda world, where: warned.standing(world.cases[where], UNIT_OF[where]).pk,
}
"""What a parameter of an address names, by where that stands."""

CONSTANT = {
    "detector": "order_stuck",
    "model": "overdue",
    "what": "set_flag",
    "provider_id": "office",
    "pk": "1",
    "kind": "people",
    "return_kind": "close",
    "file": "xlsx",
    "post": "agent",
    "code": "sms",
    "channel": "sms",
    "verb": "note",
    "role": "office",
}
"""Parameters that choose among things everybody knows of."""
