"""Objection: a unit that has a share of a liability objects to it, wherever the case lies."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from suyuan.domain.errors import Refused
from suyuan.domain.vocabulary import Role
from suyuan.store.queries import liability as queries
from suyuan.store.queries.viewer import Viewer

from .perform import Done, perform


def object_to(*, viewer: Viewer, number: str, form: Mapping[str, object], now: datetime) -> Done:
    """Object for one's own unit to its share, also where the case lies in another one's reach.

    Whoever acts for a unit that has a share stands before the case as one of its own, for this step alone.
    """
    line = queries.line_of(viewer, number, str(form.get("share_line", "")))
    case = line.liability.case
    if not viewer.actor.over_case(line.unit.path):
        raise Refused("not_found", number=number)
    acting = replace(viewer.actor, grants=viewer.actor.grants | {(Role.STATION, case.unit.path)})
    return perform(number=case.number, verb="object_share", actor=acting, now=now, form=form)
