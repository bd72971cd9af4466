"""Messages: what stands in somebody's inbox, and what is in the outbox for those who see to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import connection
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from suyuan.domain import notice
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import Role
from suyuan.store import rules
from suyuan.store.models import Case, Channel, Message, Person, Reading, ReadMark, Receipt, Unit

from .cases import LOCAL
from .restricted import accusing, trusted
from .viewer import Viewer, under

MAY_SEE = frozenset({Role.ADMIN, Role.OFFICE})


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of messages."""

    rows: list[Message]
    page: int
    has_next: bool


def _open_to(viewer: Viewer) -> Q:
    """Return the condition that leaves out what is told of restricted cases the viewer may not see."""
    cases = Case.objects.filter(accusing(viewer)).order_by().values("number")
    named = Q(recipient=f"person:{viewer.person.username}")
    meant = (under(trusted(viewer), "unit__") | named) & ~Q(case_number__in=cases)
    return Q(restricted=False) | meant


def _told(viewer: Viewer) -> Q:
    """Return the condition for what is addressed to the viewer: by name, or to a role over a unit in reach.

    The units stay a question inside the question: the frame of every page asks this.
    """
    named = Q(recipient=f"person:{viewer.person.username}")
    for role in viewer.roles:
        reach = under({path for held, path in viewer.actor.grants if held is role}, "")
        units = Unit.objects.filter(reach).order_by()
        named |= Q(recipient__in=units.values_list(Concat(Value(f"{role.value}@"), "code")))
    return named


def _mine(viewer: Viewer, now: datetime) -> QuerySet[Message]:
    return _since(viewer, _first(viewer, now))


def _first(viewer: Viewer, now: datetime) -> datetime:
    """Return since when the inbox shows messages: whole days, so that the same question is asked all day."""
    oldest = now.astimezone(LOCAL) - timedelta(days=rules.figure("outbox.inbox", "days"))
    return max(viewer.person.joined_at, oldest.replace(hour=0, minute=0, second=0, microsecond=0))


def _since(viewer: Viewer, first: datetime) -> QuerySet[Message]:
    rows = Message.objects.filter(channel=notice.IN_APP, state="delivered", queued_at__gte=first)
    return rows.filter(_open_to(viewer), _told(viewer))


def _unread(viewer: Viewer) -> Q:
    mark = ReadMark.objects.filter(person=viewer.person).values("upto")
    read = Reading.objects.filter(person=viewer.person, message=OuterRef("pk"))
    return Q(pk__gt=Coalesce(Subquery(mark), 0)) & ~Exists(read)


def inbox(
    viewer: Viewer, *, now: datetime, page: int = 1, size: int = 50, unread_only: bool = False
) -> Shown:
    """Return one page of what has been told to the viewer, the newest first, each with ``is_unread``."""
    condition = _unread(viewer)
    rows = _mine(viewer, now).annotate(is_unread=condition).select_related("wording")
    if unread_only:
        rows = rows.filter(condition)
    return _page(rows.order_by("-queued_at", "-pk"), page, size)


def _page(rows: QuerySet[Message], page: int, size: int) -> Shown:
    start = (page - 1) * size
    found = list(rows[start : start + size + 1])
    return Shown(found[:size], page, len(found) > size)


def unread(viewer: Viewer, now: datetime) -> int:
    """Return how many messages the viewer has not read, up to the number the rulebook says; one query."""
    return viewer.once("unread", lambda: _count(viewer, now))


def _count(viewer: Viewer, now: datetime) -> int:
    most = rules.figure("outbox.inbox", "most_unread")
    sql, values = _counting(viewer.actor, viewer.person.pk, _first(viewer, now), most)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0])


@lru_cache(maxsize=2_000)
def _counting(actor: Actor, person: int, first: datetime, most: int) -> tuple[str, tuple[object, ...]]:
    """Return the question how many are unread: each page asks it, and to write it takes longest."""
    viewer = Viewer(actor, Person(pk=person, username=actor.username))
    rows = _since(viewer, first).filter(_unread(viewer)).order_by().values("pk")[:most]
    sql, values = rows.query.sql_with_params()
    return f"SELECT COUNT(*) FROM ({sql}) unread", values


def unread_ids(viewer: Viewer, ids: Sequence[int], now: datetime) -> list[int]:
    """Return those of ``ids`` that are the viewer's and unread."""
    rows = _mine(viewer, now).filter(_unread(viewer), pk__in=ids)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def unread_about(viewer: Viewer, number: str, now: datetime) -> list[int]:
    """Return the viewer's unread messages about one case."""
    rows = _mine(viewer, now).filter(_unread(viewer), case_number=number)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def newest() -> int:
    """Return the id of the newest message, 0 where there is none."""
    return int(Message.objects.aggregate(top=Max("pk"))["top"] or 0)


def _seen(viewer: Viewer) -> QuerySet[Message]:
    """Return the messages somebody who sees to the outbox may see."""
    held = [(role, path) for role, path in viewer.actor.grants if role in MAY_SEE]
    if not held:
        raise Refused("not_your_role", verb="outbox")
    reach = Q(unit=None) if any(path.count("/") == 2 for _, path in held) else Q(pk__in=())
    for _, path in held:
        reach |= Q(unit__path__startswith=path)
    return Message.objects.filter(reach, _open_to(viewer)).select_related("unit", "wording")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What narrows a list of messages. Empty means any."""

    state: str = ""
    channel: str = ""
    case: str = ""


def outbox(viewer: Viewer, wanted: Wanted, *, page: int = 1, size: int = 50) -> Shown:
    """Return one page of what left or is to leave, the newest first; what stands in the app is in inboxes."""
    if wanted.state and wanted.state not in notice.STATES:
        raise BadInput("unknown_value", field="state", value=wanted.state)
    if wanted.channel:
        channel(wanted.channel)
    rows = _narrowed(_seen(viewer).exclude(channel=notice.IN_APP), wanted)
    return _page(rows.order_by("-queued_at", "-pk"), page, size)


def _narrowed(rows: QuerySet[Message], wanted: Wanted) -> QuerySet[Message]:
    kept = {"state": wanted.state, "channel": wanted.channel, "case_number": wanted.case}
    return rows.filter(**{name: value for name, value in kept.items() if value})


def every(wanted: Wanted, *, limit: int) -> list[Message]:
    """Return messages for this machine's command line, the newest first; the app's own when asked for."""
    rows = Message.objects.order_by("-pk")
    if wanted.channel != notice.IN_APP:
        rows = rows.exclude(channel=notice.IN_APP).order_by("-queued_at", "-pk")
    return list(_narrowed(rows, wanted)[:limit])


def message(viewer: Viewer, pk: int) -> Message:
    """Return one message; raise Refused where there is none or it is out of reach."""
    found = _seen(viewer).filter(pk=pk).prefetch_related("tries", "receipts").first()
    if found is None:
        raise Refused("not_found", message=pk)
    return found


def strays(viewer: Viewer, *, page: int = 1, size: int = 50) -> tuple[list[Receipt], bool]:
    """Return one page of the receipts about messages nobody knows, and whether there are more."""
    _seen(viewer)
    start = (page - 1) * size
    found = list(Receipt.objects.filter(message=None).order_by("-pk")[start : start + size + 1])
    return found[:size], len(found) > size


def has_sms() -> bool:
    """Return whether a channel sends text messages."""
    return Channel.objects.filter(enabled=True, carrier="sms_http").exists()


def channels() -> list[Channel]:
    """Return the ways out, in the order of their codes."""
    return list(Channel.objects.order_by("code"))


def channel(code: str) -> Channel:
    """Return one way out; raise Refused where there is none."""
    found = Channel.objects.filter(code=code).first()
    if found is None:
        raise Refused("no_channel", channel=code)
    return found
