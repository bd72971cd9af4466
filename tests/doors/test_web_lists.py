"""Every list page: as many questions for three rows as for one, and words that teach where there is none.

A list page is found, not named: an address whose page draws rows with ``<tr data-row`` and that
tests/list_pages.py does not know fails in the walk of all addresses; one that is known and not counted, here.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from suyuan.actions import audit, campaign, keys, ledger, org, staff, views
from suyuan.actions.privacy import reveal
from suyuan.domain.vocabulary import Role
from suyuan.store import rules
from suyuan.store.models import (
    AuditSample,
    BulkRun,
    Campaign,
    Case,
    Channel,
    Grant,
    ImportRun,
    Message,
    PaperTemplate,
    Person,
    Post,
    Publication,
    Receipt,
    SampledCase,
    Schedule,
    SignIn,
    StaffSession,
    Unit,
)
from suyuan.store.queries import viewer
from tests import first_moves, warned
from tests.appeal_cases import appeal_at, claim_at, protection_of
from tests.call_files import missed
from tests.disconnections import disconnection_of
from tests.evaluations import opened as evaluation
from tests.factories import (
    FORMS,
    NOW,
    actor,
    case_at,
    do,
    improvement_at,
    opened_by,
    person,
    supervision_at,
    support_at,
    unit,
)
from tests.filings import filing_at, final_answer_at
from tests.lakes import fresh_lake
from tests.liable import HEARD, veto_at
from tests.list_pages import COUNTED_BESIDE, WALKED
from tests.list_rows import passed_on, sent, told
from tests.precomplaints import promoted
from tests.repeat_cases import promised, repeated
from tests.rulebook_entries import PHRASE, submitted

pytestmark = pytest.mark.django_db
LATER = NOW.replace(year=2999)
ME = "everybody"


@dataclass(frozen=True, slots=True)
class List:
    """What a list page asks of the database, how it gets another row, and what it is asked with."""

    questions: int
    row: Callable[[int], object] | None = None
    query: str = ""
    never_empty: str = ""
    """Why there is always a row."""
    at: Callable[[], dict[str, object]] = dict
    """What stands for the parameters of the address, once there is a row."""


def key(n: int) -> object:
    wanted = keys.Wanted(name=f"平台{n}", scopes=("read",), expires_at=NOW + timedelta(days=90))
    return keys.make(owner=ME, wanted=wanted, actor=actor("office", "", ME), now=NOW)


def key_of_another(n: int) -> object:
    owner = actor("station", "", f"owner-{n}")
    wanted = keys.Wanted(name=f"平台{n}", scopes=("read",), expires_at=NOW + timedelta(days=90))
    return keys.make(owner=f"owner-{n}", wanted=wanted, actor=owner, now=NOW)


def look(n: int) -> object:
    number, looker = case_at("handling").number, actor("office", "", f"looker-{n}")
    form = {"personal_field": "phone", "purpose": "call_back"}
    return reveal.reveal(number=number, actor=looker, now=NOW, form=form)


def opened_campaign(n: int) -> object:
    form = {"goal": f"g{n}", "unit": "0101", "baseline_from": "2026-02-01"}
    form |= {"starts_on": "2026-03-01", "ends_on": "2026-12-31"}
    unit()
    return campaign.open_campaign(viewer=viewer.named(ME), form=form, now=timezone.now())


def added(n: int) -> object:
    entry = {"improvement": improvement_at("registered").number}
    one = the_campaign()["campaign_id"]
    return campaign.add_improvement(viewer=viewer.named(ME), campaign=one, form=entry, now=timezone.now())


def the_campaign() -> dict[str, object]:
    one = Campaign.objects.first()
    return {"campaign_id": one.pk if one else opened_campaign(0)}


def sample(n: int) -> object:
    case_at("archived")
    desk = viewer.named(ME)
    return audit.draw(viewer=desk, period="2026-03", n=1, seed=f"{n}", now=NOW)


def role_request(n: int) -> object:
    person("station", "0101", f"asked-{n}")
    form = {"role": "leader", "unit": "0101", "reason": "新任"}
    return org.give(username=f"asked-{n}", form=form, actor=actor("admin"), now=timezone.now())


def first_password(n: int) -> object:
    person("leader", "01", f"issued-{n}")
    return org.first_password(username=f"issued-{n}", actor=actor("admin"), now=NOW)


def entered(n: int) -> object:
    form = {
        "ledger_ground": "other",
        "ledger_case": case_at("registered").number,
        "ledger_kind": "reward",
        "ledger_amount": "1",
        "counted_in": "points",
        "ledger_words": "办法第三条",
    }
    entry = ledger.propose_entry(viewer=viewer.of(person("office")), form=form, now=NOW)
    return ledger.sign_entry(viewer=viewer.of(person("leader")), entry=entry, form={}, now=NOW)


def trained(n: int) -> object:
    case, at = opened_by(case_at("callback"), "open_liability"), NOW + timedelta(hours=2)
    do(case, "put_forward", "office", at, responsibility="staff", skill_gap="business", analysis="一")
    do(case, "review_shares", "audit", at)
    return do(case, "sign_shares", "leader", at + HEARD)


def relayed(case: Case) -> object:
    return do(case, "relay", "agent", **FORMS["relay"](case))


def urged(n: int) -> object:
    """Return a case that was urged once more."""
    case = Case.objects.filter(state="handling").first() or case_at("handling")
    return do(case, "urge", "agent", NOW + timedelta(hours=n + 1), note="催办")


def sampled(n: int) -> object:
    drawn = {"period": "2026-03", "unit": unit("01"), "n": 3, "population": 3, "drawn_at": NOW}
    sample, _ = AuditSample.objects.get_or_create(seed="one", defaults=drawn)
    return SampledCase.objects.create(sample=sample, case=case_at("archived"), place=n + 1, part="random")


def granted(n: int) -> object:
    return Grant.objects.create(person=person("agent"), role=list(Role)[n + 2], unit=unit())


def receipted(n: int) -> object:
    message = Message.objects.filter(key="sent-0").first() or sent(0)
    given = {"channel": "sms", "outcome": "delivered", "at": NOW, "received_at": NOW, "source": "x"}
    return Receipt.objects.create(key=f"k{n}", message=message, **given)


def opened_in_a_session(n: int) -> object:
    boss = actor("admin", "", "boss")
    session = StaffSession.objects.first() or staff.open_session(
        reason="核对客户来信所说的情况", minutes=30, sign_in=None, actor=boss, now=NOW
    )
    return staff.record(session=session, method="GET", page="case", number=f"{n}", now=NOW)


def in_the_lake(n: int) -> None:
    case_at("registered"), fresh_lake()


def schedule(n: int) -> object:
    return Schedule.objects.create(
        code=f"s{n}", title={"zh": f"任务{n}", "en": "x"}, kind="board", cron="0 8 * * *", tick_at=LATER
    )


LISTS: dict[str, List] = {
    "bulk": List(8, lambda n: BulkRun.objects.create(verb="urge", by=ME, asked_at=NOW)),
    "channels": List(
        8,
        lambda n: Channel.objects.create(
            code=f"c{n}", title=f"通道{n}", carrier="smtp", batch=1, sealed=b"", changed_by=ME, changed_at=NOW
        ),
        "",
    ),
    "first_moves": List(10, lambda n: first_moves.entry(case_at("registered"), unit()), "day=2026-03-04"),
    "first_moves_held": List(8, lambda n: first_moves.entry(case_at("registered"), unit(), held_out=True)),
    "import": List(8, lambda n: ImportRun.objects.create(name=f"{n}.csv", by=ME, started_at=NOW)),
    "inbox": List(10, told),
    "keys": List(8, key),
    "looks": List(9, look),
    "missed_calls": List(9, missed),
    "outbox": List(10, sent),
    "outbox_strays": List(
        8,
        lambda n: Receipt.objects.create(
            channel="sms", key=f"k{n}", outcome="delivered", at=NOW, received_at=NOW, source="x"
        ),
    ),
    "papers": List(
        8,
        lambda n: PaperTemplate.objects.create(
            kind="complaint_form",
            version=n + 1,
            name=f"{n}",
            state="proposed",
            proposed_by=ME,
            proposed_at=NOW,
        ),
        never_empty="the templates that are shipped",
    ),
    "passwords": List(9, first_password),
    "people_passwords": List(9, lambda n: person("station", "0101", f"p{n}")),
    "people": List(13, lambda n: person("station", "0101", f"p{n}"), never_empty="whoever looks"),
    "posts": List(9, lambda n: Post.objects.create(code=f"x{n}", name=f"岗{n}", over="unit")),
    "publications": List(
        9,
        lambda n: Publication.objects.create(
            document="board",
            period=f"2026-W1{n}",
            unit=unit("01"),
            language="zh",
            by=ME,
            **dict.fromkeys(("as_of", "queued_at"), NOW),
        ),
    ),
    "duties": List(8, never_empty="the duties that are shipped"),
    "shirking": List(9, passed_on, "period=all"),
    "filings": List(10, lambda n: filing_at("in_force")),
    "evaluations": List(11, lambda n: evaluation(f"10kV{n}线")),
    "precomplaints": List(11, lambda n: promoted()),
    "disconnections": List(10, disconnection_of),
    "final_answers": List(12, lambda n: final_answer_at("in_force"), "state="),
    "specialties": List(7, never_empty="the categories that are shipped"),
    "campaigns": List(8, opened_campaign),
    "improvements": List(11, lambda n: improvement_at("registered")),
    "ledger": List(15, entered, "period=all"),
    "liabilities": List(9, lambda n: opened_by(case_at("callback"), "open_liability"), "show="),
    "vetoes": List(9, lambda n: veto_at("drafted"), "show="),
    "trainings": List(10, trained),
    "commitments": List(12, lambda n: promised(), "show="),
    "repeats": List(12, lambda n: repeated()),
    "relays": List(9, lambda n: relayed(case_at("dispatched"))),
    "returns": List(12, lambda n: case_at("registered", channel="12345")),
    "supervisions": List(11, lambda n: supervision_at("dispatched")),
    "appeals": List(13, lambda n: appeal_at("drafted")),
    "claims": List(8, lambda n: claim_at("deciding")),
    "protections": List(9, lambda n: protection_of(ME)),
    "supports": List(13, lambda n: support_at("dispatched")),
    "discipline": List(12, lambda n: case_at("registered", "report")),
    "samples": List(8, sample),
    "queue": List(15, lambda n: case_at("registered"), "scope=open"),
    "roles": List(8, never_empty="the roles there are"),
    "rules": List(8, query="find=投诉", never_empty="the rules that are shipped"),
    "rules_proposals": List(9, lambda n: submitted("phrase", PHRASE | {"id": f"phrase-{n}"})),
    "sessions": List(
        8,
        lambda n: SignIn.objects.create(
            person=Person.objects.get(username=ME),
            session_key=f"s{n}",
            method="password",
            **dict.fromkeys(("opened_at", "seen_at"), NOW),
        ),
        never_empty="this one",
    ),
    "role_requests": List(12, role_request),
    "signins": List(13, lambda n: person("station", "0101", f"p{n}"), never_empty="whoever looks"),
    "signins_keys": List(8, key_of_another),
    "staff_review": List(
        9,
        lambda n: staff.open_session(
            reason="核对客户来信所说的情况",
            minutes=30,
            sign_in=None,
            actor=actor("admin", "", f"boss-{n}"),
            now=NOW,
        ),
    ),
    "units": List(
        12,
        lambda n: Unit.objects.create(code=f"09{n}", name=f"所{n}", parent=unit("01"), path=f"/01/09{n}/"),
        never_empty="the unit of whoever looks",
    ),
    "views": List(
        8,
        lambda n: views.save(
            person=Person.objects.get(username=ME), name=f"v{n}", query="scope=open", now=NOW
        ),
    ),
    "work": List(18, schedule),
    "drill": List(11, in_the_lake, "period=all&type=complaint", "the case of the first lake"),
    "interactions": List(
        16, urged, "", "how the case came in", lambda: {"number": Case.objects.get(state="handling").number}
    ),
    "outbox_message": List(
        11, receipted, "", "the message", lambda: {"message_id": Message.objects.get(key="sent-0").pk}
    ),
    "person": List(12, granted, "", "the role somebody has", lambda: {"username": "agent"}),
    "reconcile_cases": List(13, lambda n: case_at("received"), "period=2026-03", "a figure is asked for"),
    "campaign": List(11, added, at=the_campaign),
    "sample": List(11, sampled, "", "what was drawn", lambda: {"sample_id": AuditSample.objects.get().pk}),
    "staff_reviewed": List(
        10, opened_in_a_session, "", "the session", lambda: {"session_id": StaffSession.objects.get().pk}
    ),
} | {name: List(*counted) for name, counted in warned.LISTS.items()}
"""List page → what it asks, by the name of its address."""


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """Forget the rules that a test proposed."""
    rules.forget()
    yield
    rules.forget()


@pytest.fixture
def client() -> Client:
    """Sign in who holds every role over the company: who opens the most pages."""
    found = person("office", "01", ME)
    for role in sorted(set(Role) - {Role.OFFICE}):
        Grant.objects.create(person=found, role=role, unit=unit("01"))
    signed_in = Client()
    signed_in.force_login(found)
    return signed_in


def test_every_list_page_is_counted_or_says_why_not() -> None:
    assert sorted(LISTS.keys() | COUNTED_BESIDE) == sorted(WALKED)
    assert LISTS.keys() & COUNTED_BESIDE == set()


def asked(client: Client, name: str) -> int:
    """Return how many questions a page asks of the database."""
    client.get(address(name))  # what is kept in memory is there
    with CaptureQueriesContext(connection) as found:
        assert client.get(address(name)).status_code == 200
    return len(found)


def address(name: str) -> str:
    """Return where a list stands."""
    return f"{reverse(name, kwargs=LISTS[name].at())}?{LISTS[name].query}"


def rows(client: Client, name: str) -> int:
    """Return how many rows a list shows."""
    return client.get(address(name)).content.decode().count("<tr data-row")


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_asks_as_much_of_three_rows_as_of_one(client: Client, name: str) -> None:
    row = LISTS[name].row or (lambda _n: None)
    row(0)
    few, one = rows(client, name), asked(client, name)
    row(1), row(2)
    many, three = rows(client, name), asked(client, name)

    assert (one, three) == (LISTS[name].questions, LISTS[name].questions)
    assert many - few == (2 if LISTS[name].row else 0)


@pytest.mark.parametrize("name", sorted(name for name, one in LISTS.items() if not one.never_empty))
def test_an_empty_list_says_what_belongs_there_and_what_to_do_next(client: Client, name: str) -> None:
    fresh_lake()
    page = client.get(address(name)).content.decode()

    said = re.search(r'class="[^"]*empty-state".*?</div>', page, re.DOTALL)
    assert said is not None
    words = re.sub(r"^[^>]*>|<svg.*?</svg>|<[^>]+>|\s", "", said[0], flags=re.DOTALL)
    assert ("<a " in said[0]) is not ("data-calm" in said[0])
    assert len(words) > 15
