"""Staff sessions: an administrator reaches cases for a while, with a reason, and every request is written."""

from datetime import datetime

from django.db import transaction

from suyuan.domain import staff as rule
from suyuan.domain.characters import storable
from suyuan.domain.errors import Refused
from suyuan.domain.masking import mask
from suyuan.domain.procedure import Actor
from suyuan.store import chain, rules, seal
from suyuan.store.models import Person, SignIn, StaffSession
from suyuan.store.queries import staff


@transaction.atomic
def open_session(
    *, reason: str, minutes: int, sign_in: SignIn | None, actor: Actor, now: datetime
) -> StaffSession:
    """Open a staff session; one that runs already must be closed first."""
    until = rule.until(actor.grants, reason, minutes, now, rules.figure("staff.session", "minutes"))
    if not storable(reason):
        raise Refused("bad_characters")
    person = Person.objects.select_for_update().get(username=actor.username)
    if any(staff.span(each).is_open(now) for each in person.staff_sessions.filter(until__gt=now)):
        raise Refused("staff_session_open")
    why = mask(reason.strip())
    opened = StaffSession.objects.create(
        person=person, sign_in=sign_in, reason=why, opened_at=now, until=until
    )
    detail = {"session": opened.pk, "until": until.isoformat(), "reason": seal.reference(why)}
    _write(opened, "staff_open", actor, now, detail)
    return opened


@transaction.atomic
def close_session(*, session: StaffSession, actor: Actor, now: datetime) -> None:
    """Close a staff session before its time; a second time changes nothing."""
    held = StaffSession.objects.select_for_update(of=("self",)).select_related("person").get(pk=session.pk)
    if held.person.username != actor.username:
        raise Refused("not_found", session=session.pk)
    if staff.span(held).is_open(now):
        held.closed_at = now
        held.save(update_fields=["closed_at"])
        _write(held, "staff_close", actor, now, {"session": held.pk})


@transaction.atomic
def record(*, session: StaffSession, method: str, page: str, number: str, now: datetime) -> None:
    """Write down one request of a staff session: the page and the case, never what was searched for."""
    held = StaffSession.objects.select_for_update(of=("self",)).select_related("person").get(pk=session.pk)
    detail: dict[str, object] = {"method": method, "page": page}
    if number:
        detail["number"] = number
    chain.append(
        stream=staff.stream(held),
        at=now,
        actor=held.person.username,
        verb="staff_request",
        objects=[("person", held.person.username), *([("case", number)] if number else [])],
        detail=detail,
    )


def _write(session: StaffSession, verb: str, actor: Actor, now: datetime, detail: dict[str, object]) -> None:
    username = session.person.username
    chain.append(
        stream=f"register:person:{username}",
        at=now,
        actor=actor.username,
        verb=verb,
        objects=[("person", username)],
        detail=detail,
    )
