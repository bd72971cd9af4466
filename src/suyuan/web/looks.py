"""What somebody looks at evidence for, and which looks are still the same look: kept in the session."""

from datetime import datetime, timedelta

from django.http import HttpRequest

from suyuan.store import rules

PURPOSES, LOOKS = "evidence_purposes", "evidence_looks"


def purpose(request: HttpRequest, number: str, now: datetime) -> str:
    """Return what this person said the evidence of a case is for; nothing where they have to say it again."""
    code, at = request.session.get(PURPOSES, {}).get(number, ("", ""))
    lasts = timedelta(minutes=rules.figure("evidence.look", "purpose_minutes"))
    return code if code and datetime.fromisoformat(at) > now - lasts else ""


def remember(request: HttpRequest, number: str, code: str, now: datetime) -> None:
    """Remember the purpose for this session."""
    kept = request.session.get(PURPOSES, {})
    request.session[PURPOSES] = kept | {number: (code, now.isoformat())}


def same_look(request: HttpRequest, key: str, now: datetime) -> bool:
    """Return whether a look at ``key`` goes on, and remember that it does: players fetch a file in parts."""
    lasts = timedelta(minutes=rules.figure("evidence.look", "minutes"))
    before = (now - lasts).isoformat()
    looks = {one: at for one, at in request.session.get(LOOKS, {}).items() if at > before}
    known = key in looks
    request.session[LOOKS] = looks | {key: looks.get(key, now.isoformat())}
    return known
