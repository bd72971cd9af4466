"""What each post owes at each step, and which of the posts are a viewer's own."""

from dataclasses import dataclass
from datetime import datetime

from suyuan.domain import parts
from suyuan.domain.errors import BadInput
from suyuan.domain.procedures import CURRENT, frozen
from suyuan.domain.rulebook.duties import Duty, of_step
from suyuan.domain.rulebook.office import in_force_all
from suyuan.domain.rulebook.posts import roles_of
from suyuan.store import rules
from suyuan.store.models import Case, Holding

from . import cases
from .viewer import Viewer


@dataclass(frozen=True, slots=True)
class Said:
    """A duty at one procedure: the verbs it speaks of there."""

    procedure: str
    duty: Duty


def on(now: datetime) -> list[Duty]:
    """Return the duties in force on the day of a moment, in the order of the rulebook."""
    found: list[Duty] = in_force_all(rules.rulebook().duties, rules.local_day(now))
    return found


def listed(now: datetime, procedure: str = "", post: str = "") -> list[Said]:
    """Return the duties of one procedure or of all, of one post or of all, in the order of the steps."""
    if procedure and procedure not in CURRENT:
        raise BadInput("unknown_value", field="procedure", value=procedure)
    if post and post not in roles_of():
        raise BadInput("unknown_value", field="post", value=post)
    every = on(now)
    found = []
    for name in [procedure] if procedure else CURRENT:
        order = list(dict.fromkeys(step.verb for step in CURRENT[name].steps))
        mine = [one for one in every if name in one.procedures and (not post or one.letters([post]))]
        mine.sort(key=lambda one: order.index(one.verbs[0]))
        found += [Said(name, one) for one in mine]
    return found


def own_posts(viewer: Viewer) -> frozenset[str]:
    """Return the posts that are a viewer's: those held, or of whoever holds none those of the same roles."""
    held = set(Holding.objects.filter(person=viewer.person, until=None).values_list("post__code", flat=True))
    known = frozenset(held & roles_of().keys())
    return known or frozenset(post for post, roles in roles_of().items() if roles & viewer.roles)


def of_case(case: Case, now: datetime) -> tuple[str, Duty] | None:
    """Return the step a case waits for with what each post owes there; None where nothing is said of one."""
    verb = parts.next_stage(frozen.pinned(case.procedure, case.version), cases.facts(case))
    found = of_step(on(now), case.procedure, verb)
    return None if found is None else (verb, found)
