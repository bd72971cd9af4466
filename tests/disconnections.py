"""Disconnections for arrears made through the real actions, of one account of the register."""

from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from suyuan.actions import disconnection
from suyuan.domain.procedure import SYSTEM
from suyuan.store import seal
from suyuan.store.models import Account, Case, SpecialFlag
from tests.customer_files import load, row
from tests.factories import NOW, actor, do, person, unit

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
ACCOUNT = "3300012345678"
OWED = {"account": ACCOUNT, "arrears_since": "2026-01-15", "arrears": "356.20"}
NOTICE = {"notice_way": "signed", "evidence": "签收单 2026-118"}
PROOF = {"evidence": "录音 2026-301"}
NOTICED = NOW + HOUR
"""When the notice is given: Wednesday, 11:30."""
DUE = {"居民": NOTICED + 7 * DAY, "工业": NOTICED + 3 * DAY}
"""When the days of the notice are over: Wednesday at 11:30; Saturday at 11:30."""


def account(folder: Path, kind: str = "居民", number: str = ACCOUNT) -> Account:
    """Return the account of the register, made on first use."""
    unit("0101")
    load(folder, row(户号=number, 客户类别=kind, 表号=f"M{number[-6:]}"))
    return Account.objects.select_related("customer", "supply").latest("pk")


def register(folder: Path, kind: str = "居民", by: str = "station", now: datetime = NOW, **form: str) -> Case:
    """Return the case of an account registered as in arrears."""
    wanted = form.get("account", ACCOUNT)
    if not Account.objects.filter(number_index=seal.index("account", wanted)).exists():
        account(folder, kind, wanted)
    return _registered(by, now, **form)


def _registered(by: str, now: datetime, **form: str) -> Case:
    person(by)
    return again(disconnection.register(actor=actor(by), form={**OWED, **form}, now=now))


def disconnection_of(n: int) -> Case:
    """Return the case of an account of its own, in a folder of its own."""
    number = f"33000{n:08d}"
    with TemporaryDirectory() as folder:
        account(Path(folder), number=number)
    return _registered("station", NOW, account=number)


def again(number: str) -> Case:
    """Return a case as it stands now."""
    return Case.objects.select_related("unit").get(number=number)


def noticed(folder: Path, kind: str = "居民", **form: str) -> Case:
    """Return a case with a notice given an hour after it was registered."""
    return do(register(folder, kind), "notify_arrears", "station", NOTICED, **{**NOTICE, **form})


def approved(folder: Path, kind: str = "居民") -> Case:
    """Return an approved case: the notice's days are over."""
    return do(noticed(folder, kind), "approve_disconnection", "marketing", DUE[kind])


def cut(folder: Path) -> tuple[Case, datetime]:
    """Return a resident that was disconnected, and when."""
    case, at = approved(folder), DUE["居民"]
    do(case, "remind_finally", "station", at + MINUTE, **PROOF)
    at += 40 * MINUTE
    return do(case, "disconnect", "station", at, **PROOF), at


def flag(code: str, consent_on: date | None = None) -> None:
    """Set a special-customer flag on the account, with consent or without."""
    SpecialFlag.objects.create(
        account=Account.objects.get(),
        code=code,
        set_by=SYSTEM.username,
        set_at=NOW,
        consent_scope=["service"] if consent_on else [],
        consent_on=consent_on,
    )
