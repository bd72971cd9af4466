"""Lists too long to be taken out while somebody waits: asked for, told of, fetched by who asked, let go.

What is asked for is kept with the row: the filters, the columns, the roles it was asked with. The words of a
search are sealed. The file is sealed too, lies here for as long as the rulebook says, and is in no backup.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction

from suyuan.analytics import behind, period
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.notice import IN_APP
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.gateways.engine import open_duckdb
from suyuan.store import chain, lake, rules, seal, tray
from suyuan.store.models import Person, Publication
from suyuan.store.queries import publications, staff
from suyuan.store.queries import viewer as viewers
from suyuan.store.queries.listing import Filters
from suyuan.store.queries.viewer import Viewer

from .. import work
from ..exports import STREAM, code_of_export
from ..notice.queue import Draft, queue
from . import columns
from .asking import LANGUAGES

CASES = "cases"
LIMITS = "export.list"
READY, FAILED = "export_ready", "export_failed"


@dataclass(frozen=True, slots=True)
class WantedList:
    """A list as somebody asks for it: how it is narrowed, its columns, the language of its words."""

    filters: Filters
    columns: tuple[str, ...]
    language: str = "zh-hans"
    page: str = "export"
    """The address it was asked for at."""
    staff: int | None = None
    """The staff session it was asked for in."""
    figure: Mapping[str, str] = field(default_factory=dict)
    """The figure of the board behind which the cases stand: period, unit_path, and which one."""


@transaction.atomic
def queue_list(*, wanted: WantedList, rows: int, viewer: Viewer, now: datetime) -> Publication:
    """Let a worker take out a list of about so many rows and return its row: the one under way, if any."""
    most, waiting = rules.figure(LIMITS, "rows"), rules.figure(LIMITS, "waiting")
    if wanted.language not in LANGUAGES:
        raise BadInput("unknown_value", field="language", value=wanted.language)
    if rows > most:
        raise BadInput("export_too_long", limit=most, rows=rows)
    Person.objects.select_for_update().get(pk=viewer.person.pk)
    asked = _asked(wanted, viewer.actor)
    under_way = Publication.objects.filter(
        private=True, by=viewer.actor.username, state__in=("queued", "running")
    )
    known = {each.pk: each for each in under_way}
    for each in known.values():
        if each.parameters["asked"] == asked:
            return each
    if len(known) >= waiting:
        raise Refused("exports_waiting", limit=waiting)
    made = Publication.objects.create(
        document=CASES,
        private=True,
        by=viewer.actor.username,
        language=wanted.language,
        parameters={"asked": asked, "code": code_of_export()},
        sealed=seal.seal({"q": wanted.filters.q}) if wanted.filters.q else None,
        rows=rows,
        as_of=now,
        queued_at=now,
        next_at=now,
    )
    _write(made, "export_queue", viewer.actor, now, {"rows": rows})
    return made


def _asked(wanted: WantedList, actor: Actor) -> dict[str, object]:
    """Return what is kept of a question in clear; the words of a search leave their reference alone."""
    narrowed: dict[str, object] = {}
    for each in fields(Filters):
        value = getattr(wanted.filters, each.name)
        if value == each.default:
            continue
        if each.name == "q":
            value = seal.reference(value)
        narrowed[each.name] = value.isoformat() if isinstance(value, date) else value
    return {
        "filters": narrowed,
        "columns": list(wanted.columns),
        "language": wanted.language,
        "page": wanted.page,
        "staff": wanted.staff,
        "grants": _grants(actor),
        **({"figure": dict(wanted.figure)} if wanted.figure else {}),
    }


def _grants(actor: Actor) -> list[list[str]]:
    """Return the grants that reach cases, as they are kept."""
    return sorted([role.value, path] for role, path in actor.reaching)


def filters_of(row: Publication) -> Filters:
    """Return how the list of a row is narrowed."""
    kept: Mapping[str, object] = row.parameters["asked"]["filters"]
    days = {name: date.fromisoformat(str(kept[name])) for name in kept if name.startswith("accepted_")}
    words = seal.unseal(row.sealed) if row.sealed else {}
    return Filters().but(**{**kept, **days, **words})


def ids(row: Publication, viewer: Viewer, now: datetime) -> Sequence[int]:
    """Return which cases the list of a row holds as it is now, in order."""
    figure = row.parameters["asked"].get("figure")
    if figure is None:
        return columns.ids(viewer, filters_of(row), now)
    values = {name: value for name, value in figure.items() if name in behind.NAMES}
    asked = behind.Behind(period.parse(figure["period"]), figure["unit_path"], now, values)
    with open_duckdb(lake.folder()) as engine:
        found = behind.ids(engine.tables(), asked, limit=rules.figure(LIMITS, "rows"))
    return columns.reached(viewer, found, now)


def asker(row: Publication, now: datetime) -> Viewer:
    """Return who asked, as they may look now; raise Refused where they may no longer look as far as then."""
    found = viewers.named(row.by)
    if found is None:
        raise Refused("reach_changed", publication=row.pk)
    opened = staff.running(row.parameters["asked"]["staff"], found.person.pk, now)
    found = viewers.of(found.person, staff=opened is not None)
    _refuse_less(row, found.actor)
    return found


def _refuse_less(row: Publication, actor: Actor) -> None:
    """Raise Refused where a grant the list was asked for with is gone: it may hold what is out of reach."""
    held = _grants(actor)
    if any(each not in held for each in row.parameters["asked"]["grants"]):
        raise Refused("reach_changed", publication=row.pk)


def path_of(row: Publication) -> Path:
    """Return where the file of a row lies."""
    return tray.folder(tray.TAKEN_OUT) / f"{row.sha256}{Path(row.name).suffix}"


def tell(row: Publication, template: str, facts: Mapping[str, str], now: datetime) -> None:
    """Tell who asked what became of their list."""
    draft = Draft(
        key=f"{template}:{row.pk}:{row.attempts}:{now.isoformat()}",
        channel=IN_APP,
        template=template,
        recipient=f"person:{row.by}",
        facts={**facts, "publication": str(row.pk)},
    )
    queue(draft=draft, actor=SYSTEM, now=now)


@transaction.atomic
def failed(*, row: Publication, fault: Mapping[str, object], now: datetime) -> None:
    """Let a document wait for its next attempt; tell who asked for a list once it is set aside."""
    if work.fail(kind="publication", row=row, fault=fault, now=now) and row.private:
        tell(row, FAILED, {"day": rules.local_day(row.queued_at).isoformat()}, now)


def is_over(row: Publication, now: datetime) -> bool:
    """Return whether the time of a finished list is over, or its file is not here: a restored backup."""
    return not row.sha256 or (row.kept_until or now) <= now or not path_of(row).exists()


@transaction.atomic
def fetch(*, publication_id: int, viewer: Viewer, now: datetime) -> Publication:
    """Write down that somebody fetches their own list and return its row; raise Refused if it is not here."""
    row = publications.own(viewer, publication_id)
    _refuse_less(row, viewer.actor)
    if row.state != "done":
        raise Refused("no_such_file", publication=publication_id)
    if is_over(row, now):
        raise Refused("export_over", publication=publication_id)
    _write(row, "export_fetch", viewer.actor, now, {"rows": row.rows, "sha256": row.sha256})
    return row


def sweep(*, now: datetime) -> int:
    """Let go of the files whose time is over, and of what a killed worker left; return how many went."""
    due = Publication.objects.filter(kept_until__lte=now).exclude(sha256="").order_by("pk")
    gone = [_let_go(row, now) for row in due]
    old = (now - timedelta(hours=rules.figure("handed_in", "abandoned_hours"))).timestamp()
    kept = {path_of(row) for row in Publication.objects.filter(private=True).exclude(sha256="")}
    files = tray.folder(tray.TAKEN_OUT).iterdir()
    strays = [path for path in files if path not in kept and path.stat().st_mtime < old]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(gone) + len(strays)


@transaction.atomic
def _let_go(row: Publication, now: datetime) -> None:
    path, code = path_of(row), row.parameters["code"]
    Publication.objects.filter(pk=row.pk).update(sha256="", kept_until=None)
    _write(row, "export_gone", SYSTEM, now, {"rows": row.rows, "sha256": row.sha256, "code": code})
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def _write(row: Publication, verb: str, actor: Actor, now: datetime, detail: Mapping[str, object]) -> None:
    code = row.parameters["code"]
    chain.append(
        stream=STREAM,
        at=now,
        actor=actor.username,
        verb=verb,
        objects=[("export", code), ("publication", str(row.pk))],
        detail={"code": code, "page": row.parameters["asked"]["page"], "by": row.by, **detail},
    )
