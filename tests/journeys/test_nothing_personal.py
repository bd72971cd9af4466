"""Who the customer is goes in by every door and stands nowhere: no table, file, page, log, address."""

import io
import json
import logging
import re
import shutil
import zipfile
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from suyuan.actions import keys, publish
from suyuan.actions.notice.queue import Draft, queue
from suyuan.config.home import home
from suyuan.domain.procedure import SYSTEM
from suyuan.jobs import imports as importing
from suyuan.jobs import publications as rendering
from suyuan.store import lake
from suyuan.store.models import Account, Case, ImportRun, Message
from tests.customer_files import HEADERS as REGISTER
from tests.customer_files import KNOWN
from tests.evidence_files import pdf
from tests.factories import actor, person, unit
from tests.methods.order_files import HEADERS

pytestmark = pytest.mark.django_db

PHONE, SECOND, ACCOUNT, METER = "13912345678", "13800001111", "3300012345678", "M0030000001"
IDENTITY, CARD = "330106199001011237", "6222021001112223334"
NAME, ADDRESS, PLACE = "欧阳震华", "滨海市人民路12号3栋", "人民路12号3栋"
PLANTED = (PHONE, SECOND, ACCOUNT, METER, IDENTITY, CARD, NAME, PLACE)
TEXT = (
    f"客户{NAME}反映抄表有误，电话{PHONE}，身份证{IDENTITY}，银行卡{CARD}，"
    f"户号{ACCOUNT}，住{ADDRESS}，请回电{SECOND}"
)


def leaks(text: str) -> list[str]:
    """Return what was planted and stands in a text."""
    return [planted for planted in PLANTED if planted in text]


class Desk:
    """One person's browser that keeps every answer, and every address it was shown or sent to."""

    def __init__(self, role: str) -> None:
        self.client = Client(raise_request_exception=True)
        self.client.force_login(person(role))
        self.shown: list[tuple[str, str]] = []
        self.addresses: list[str] = []
        self.sessions: list[str] = []

    def get(self, address: str):
        return self._kept(address, self.client.get(address))

    def post(self, address: str, form: dict[str, object]):
        return self._kept(address, self.client.post(address, form))

    def _kept(self, address: str, answer):
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        self.sessions.append(str(dict(self.client.session)))
        self.addresses += [unquote(address), unquote(answer.headers.get("Location", ""))]
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            page = body.decode()
            self.addresses += map(unquote, re.findall(r'(?:href|action|src)="([^"]*)"', page))
            self.shown.append((address, page))
        else:
            self.shown.append((address, unpacked(body)))
        answer.body = body
        return answer


def unpacked(body: bytes) -> str:
    """Return what a file says; of workbooks and documents every part."""
    if not zipfile.is_zipfile(io.BytesIO(body)):
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def plain_text() -> str:
    """Return every text and every readable byte of every table, sessions opened."""
    said = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                said += [v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in row]
    return "\n".join(said)


def csv_of(*rows) -> bytes:
    return "\n".join(",".join(row) for row in rows).encode()


@pytest.fixture
def log():
    """Return what the handlers of the settings write, whatever level they are asked for."""
    written, handlers = io.StringIO(), logging.getLogger().handlers
    ours = [handler for handler in handlers if type(handler) is logging.StreamHandler]
    before = [(handler, handler.setStream(written)) for handler in ours]
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.INFO)
    assert len(ours) == 1
    yield written
    logging.getLogger().setLevel(level)
    for handler, stream in before:
        handler.setStream(stream)


def take_in(agent: Desk) -> Case:
    """Take the customer's words in at the desk, after a look-up and a form that was refused."""
    who = {"phone": PHONE, "account": ACCOUNT, "customer": NAME, "address": ADDRESS}
    agent.post("/contact/lookup/", who)
    typed = agent.client.post("/contact/new/", {**who, "text": TEXT})
    assert (typed.status_code, NAME in typed.content.decode()) == (
        422,
        True,
    )  # it was typed in this very page
    said = {"channel": "95598", "business_type": "complaint", "text": TEXT}
    assert agent.post("/contact/new/", who | said).status_code == 302
    case = Case.objects.get(origin="live")
    agent.get(f"/case/{case.number}/")
    return case


def work(case: Case, agent: Desk, office: Desk, station: Desk) -> None:
    """Do verbs with personal words in them, hand in evidence, print papers, take lists and worksheets out."""
    here = f"/case/{case.number}/"
    agent.post(here + "do/register/", {"business_type": "complaint"})
    office.post(here + "do/dispatch/", {"unit": "0101", "specialty": "marketing"})
    station.post(here + "do/accept/", {})
    station.post(here + "do/contact/", {"reached": "true", "contact_note": TEXT})
    office.post(here + "do/note/", {"note": TEXT})
    file = SimpleUploadedFile(f"{NAME}{PHONE}.pdf", pdf(TEXT.encode()), "application/pdf")
    assert station.post(here + "attach/", {"file": file, "made_by": "staff", "maker": NAME}).status_code < 400
    for desk in (agent, office, station):
        for address in (here, here + "evidence/", "/queue/?scope=all", "/queue/export/?scope=all", "/inbox/"):
            assert desk.get(address).status_code == 200, address
    assert office.get("/worksheet/export/?scope=open").status_code == 200
    assert office.post(here + "paper/", {"kind": "work_order", "purpose": "handling"}).status_code == 200


def search_and_look(case: Case, office: Desk) -> None:
    """Search by everything that is exact, and look at a field for a purpose with a remark."""
    for text in (PHONE, ACCOUNT, NAME, f"{NAME} {PHONE}", IDENTITY):
        found = office.client.post("/queue/find/", {"q": text})  # its own page says what was asked
        assert (found.status_code, found.headers.get("Location")) == (200, None)
        rows = {row.number for row, *_ in found.context["rows"]}
        assert rows == ({case.number, "2025100100001"} if text in (PHONE, ACCOUNT, NAME) else set())
    asked = {"personal_field": "phone", "purpose": "call_back", "remark": TEXT}
    seen = office.client.post(f"/case/{case.number}/reveal/", asked)
    assert leaks(seen.content.decode()) == [PHONE]
    office.get("/looks/")


def be_refused(case: Case, office: Desk, station: Desk) -> None:
    """Ask for what is refused, with what is personal in every place that a refusal could repeat."""
    for address in (f"/case/{PHONE}/", f"/queue/?state={PHONE}", f"/queue/?{PHONE}=1", f"/units/{PHONE}/"):
        refused = station.client.get(address)
        assert refused.status_code in (404, 422), address
        station.shown.append(("refusal of " + address[:8], refused.content.decode()))
    wrong = {"unit": PHONE, "specialty": IDENTITY}
    refused = office.client.post(f"/case/{case.number}/do/dispatch/", wrong)
    assert refused.status_code in (409, 422)
    typed = station.client.post(
        f"/case/{case.number}/do/archive/", {"note": TEXT}
    )  # keeps what was typed in it
    assert typed.status_code == 409


def bring_files(office: Desk, admin: Desk) -> None:
    """Hand in an order file with a row that cannot be taken, and a list of customers."""
    heads = [*HEADERS, "户号", "联系电话", "联系人", "联系地址"]
    who = [ACCOUNT, PHONE, NAME, ADDRESS]
    good = ["2025100100001", "投诉", "2025-10-01 08:05", TEXT.replace(",", "，"), *who]
    bad = ["2025100100002", "投诉", PHONE, TEXT, *who]
    file = SimpleUploadedFile(f"投诉{PHONE}.csv", csv_of(heads, good, bad))
    there = office.post("/import/upload/", {"file": file}).headers["Location"]
    office.client.get(there)  # the preview shows the file to whoever handed it in
    started = office.post(there.rstrip("/") + "/start/", {"layout": "office_95598"})
    assert started.status_code == 302
    importing.next_one(timezone.now(), "w", lambda: True)
    run = office.get(started.headers["Location"])
    assert (run.status_code, ImportRun.objects.get().accepted, ImportRun.objects.get().quarantined) == (
        200,
        1,
        1,
    )
    customers = SimpleUploadedFile(
        "customers.csv", csv_of(REGISTER, [c if c != "张三丰" else NAME for c in KNOWN])
    )
    there = admin.post("/customers/import/upload/", {"file": customers}).headers["Location"]
    assert admin.post(there, {}).status_code == 200


def ask_the_api(role: str) -> list[str]:
    """Take a contact in, look for it and be refused, as a program; return every answer."""
    who, now = actor(role), timezone.now()
    wanted = keys.Wanted(
        name="话务平台", scopes=("read", "intake", "work"), expires_at=now + timedelta(days=9)
    )
    secret = keys.make(owner=who.username, wanted=wanted, actor=who, now=now).secret
    header = {"Authorization": f"Bearer {secret}"}
    said = {
        "channel": "95598",
        "business_type": "complaint",
        "text": TEXT,
        "phone": PHONE,
        "customer": NAME,
        "account": ACCOUNT,
        "address": ADDRESS,
    }

    def post(path: str, body: object) -> str:
        answer = Client().post(f"/api/v1/{path}", body, content_type="application/json", headers=header)
        return answer.content.decode()

    number = json.loads(post("contacts", said))["number"]
    answers = [
        post("contacts", said | wrong) for wrong in ({"channel": PHONE}, {"phone": NAME}, {PHONE: NAME})
    ]
    answers += [post("cases/find", {"q": text}) for text in (PHONE, ACCOUNT, NAME, "抄表")]
    answers += [post(f"cases/{number}/register", {"form": {"business_type": PHONE, NAME: PHONE}})]
    for path in ("cases", f"cases/{number}", f"cases?q={PHONE}", f"cases?state={PHONE}", f"cases/{PHONE}"):
        answers.append(Client().get(f"/api/v1/{path}", headers=header).content.decode())
    return answers


def test_what_a_customer_gave_stands_nowhere_in_clear(log):
    unit(), cache.clear()
    for folder in ("quarantine", "uploads"):
        shutil.rmtree(home() / folder, ignore_errors=True)
    agent, office, station, admin = (Desk(role) for role in ("agent", "office", "station", "admin"))
    bring_files(office, admin)
    case = take_in(agent)
    work(case, agent, office, station)
    search_and_look(case, office)
    be_refused(case, office, station)
    answers = ask_the_api("office")
    told = Draft(
        "personal-1", "in_app", "test", "station@0101", facts={"title": "请查收"}, case_number=case.number
    )
    queue(draft=told, actor=SYSTEM, now=timezone.now())
    shutil.rmtree(lake.folder())
    lake.refresh()
    publish.queue(wanted=publish.Wanted("board", "2025-10", "01"), actor=actor("office"), now=timezone.now())
    assert rendering.next_one(timezone.now(), "w") == 1
    logging.getLogger("suyuan.anything").error("failed on %s", TEXT)
    desks = (agent, office, station, admin)

    tables = plain_text()
    files = "".join(unpacked(file.read_bytes()) for file in _files())
    assert case.number in tables
    assert Account.objects.get().masked in tables
    assert leaks(tables) == []
    assert leaks(files) == []
    shown = [pair for desk in desks for pair in desk.shown]
    assert [(address, found) for address, page in shown if (found := leaks(page))] == []
    assert [address for desk in desks for address in desk.addresses if leaks(address)] == []
    assert [found for answer in answers if (found := leaks(answer))] == []
    assert [session for desk in desks for session in desk.sessions if leaks(session)] == []
    assert leaks(str(cache._cache)) == []
    assert "failed on" in log.getvalue()
    assert leaks(log.getvalue()) == []
    assert Message.objects.exclude(recipient="sealed:address").exclude(address=None).count() == 0


def _files() -> list:
    """Return the files that hold what was worked out or taken out: lake, publications, evidence."""
    folders = (lake.folder(), publish.folder(), home() / "evidence", home() / "attachments")
    return [path for folder in folders if folder.is_dir() for path in folder.rglob("*") if path.is_file()]
