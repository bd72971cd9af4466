"""Rows of a list of people: who is meant, what is known, and which verbs bring the register there."""

import re
from collections.abc import Mapping
from datetime import datetime

from suyuan.domain import staffing
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.domain.telephone import is_phone
from suyuan.domain.vocabulary import SPECIALTIES, Role
from suyuan.gateways.lists import Line
from suyuan.store.models import Grant, Holding, Person, Post, Unit
from suyuan.store.queries import second

from . import spoken
from .grants import give
from .post_names import Posts
from .posts import take_post
from .staff import move_person, save_person

Values = Mapping[str, str]
SEVERAL = re.compile(r"[\s,，、;；/]+")
OWN = tuple(one.name for one in staffing.PERSON_FORM)
REASON = "人员表导入"


class People:
    """The people of one file, one after the other."""

    def __init__(self, actor: Actor, now: datetime, chosen: Mapping[str, str]) -> None:
        self.actor, self.now = actor, now
        self.met: set[str] = set()
        every = list(Unit.objects.all())
        self.units = spoken.by_name((unit.code, unit.name, unit) for unit in every)
        self.posts = Posts(actor, now, chosen)

    def username_of(self, values: Values) -> str:
        """Return the user name a row means: the one that has its number, or the one it gives."""
        number, username = values.get("employee_number", ""), values.get("username", "")
        has = Person.objects.filter(employee_number=number).first() if number else None
        return has.username if has else username or number

    def take_person(self, line: Line) -> tuple[str, tuple[str, ...]]:
        """Bring the register to what a row says; what it leaves blank stays as it is."""
        values = line.values
        username = self.username_of(values)
        unit, post, roles = self._named(line, username)
        self.met.add(username)
        person = Person.objects.filter(username=username).select_related("unit").first()
        if person is not None and person.ended_at is not None:
            raise Refused("person_ended", person=username)
        form = _known(person) | {name: values[name] for name in OWN if values.get(name)}
        form["tags"] = " ".join(_tags(form.get("tags", "")))
        say = {"actor": self.actor, "now": self.now}
        changed = []
        if person is not None:
            changed = [name for name in OWN if form.get(name, "") != _known(person).get(name, "")]
        form["specialty"] = spoken.code("specialty", form.get("specialty", ""))
        if person is not None and "specialty" in changed and form["specialty"] == person.specialty:
            changed.remove("specialty")
        save_person(username=username, unit=unit.code, form=form, **say)  # type: ignore[arg-type]
        if person is not None and person.unit_id != unit.pk:
            move_person(username=username, unit=unit.code, **say)  # type: ignore[arg-type]
            changed.append("unit")
        if post is not None and self._post_of(username) != post.pk:
            take_post(username=username, post=post.code, **say)  # type: ignore[arg-type]
            changed.append("post")
        if self._give_missing(username, roles):
            changed.append("roles")
        if person is None:
            return "new", ()
        return ("changed" if changed else "same"), tuple(changed)

    def _named(self, line: Line, username: str) -> tuple[Unit, Post | None, list[tuple[Role, Unit]]]:
        """Return what a row names beside the person; raise BadInput with every fault of the row."""
        values, wrong = line.values, dict[str, str]()
        if not username:
            wrong["employee_number"] = "missing_value"
        elif username in self.met:
            wrong["employee_number" if values.get("employee_number") else "username"] = "duplicate_in_file"
        if not values.get("name"):
            wrong["name"] = "missing_value"
        unit = self._one(self.units, values.get("unit", ""), "unit", "unknown_unit", wrong)
        post = self.posts.held(values.get("post", ""), wrong)
        over = self._one(self.units, values.get("over", ""), "over", "unknown_unit", wrong) or unit
        codes = [spoken.code("role", each) for each in SEVERAL.split(values.get("roles", "")) if each]
        if any(code not in set(Role) for code in codes):
            wrong["roles"] = "unknown_value"
        if spoken.code("specialty", values.get("specialty", "")) not in {"", *SPECIALTIES}:
            wrong["specialty"] = "unknown_value"
        if not set(_tags(values.get("tags", ""))) <= {one.code for one in spoken.competences()}:
            wrong["tags"] = "unknown_value"
        if not values.get("unit"):
            wrong["unit"] = "missing_value"
        if values.get("phone") and not is_phone(values["phone"]):
            wrong["phone"] = "not_a_phone"
        wrong |= dict.fromkeys(line.formulas, "formula_cell")
        if wrong:
            raise BadInput("bad_form", fields=wrong)
        assert unit is not None
        assert over is not None
        return unit, post, [(Role(code), over) for code in codes]

    def _one(self, among: Mapping[str, list], text: str, name: str, rule: str, wrong: dict[str, str]):  # type: ignore[no-untyped-def, type-arg]
        """Return the one row of a register that a cell names by code or name."""
        if not text:
            return None
        found = among.get(spoken.plain(text), [])
        if len(found) != 1:
            wrong[name] = "ambiguous_name" if found else rule
            return None
        return found[0]

    def _post_of(self, username: str) -> int | None:
        held = Holding.objects.filter(person__username=username, until=None).first()
        return held.post_id if held else None

    def _give_missing(self, username: str, roles: list[tuple[Role, Unit]]) -> int:
        """Give or ask for the roles neither held nor asked for yet; return how many."""
        person = Person.objects.get(username=username)
        has = set(Grant.objects.filter(person=person).values_list("role", "unit_id"))
        has |= {(each.role, each.unit_id) for each in second.waiting_of(person)}
        missing = [(role, over) for role, over in roles if (role.value, over.pk) not in has]
        for role, over in missing:
            form = {"role": role.value, "unit": over.code, "reason": REASON}
            give(username=username, form=form, actor=self.actor, now=self.now)
        return len(missing)


def _tags(text: str) -> list[str]:
    """Return the codes of the competences that a cell names, in the order of the rulebook."""
    named = {spoken.competence(each) for each in SEVERAL.split(text) if each}
    order = [one.code for one in spoken.competences()]
    return sorted(named, key=lambda code: order.index(code) if code in order else len(order))


def _known(person: Person | None) -> dict[str, str]:
    """Return what is known of somebody, as a form would have it."""
    if person is None:
        return {}
    known = {name: getattr(person, name) for name in OWN}
    return {name: str(value) for name, value in known.items() if value}
