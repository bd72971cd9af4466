"""The whole rulebook: what is in force on a day, and the digest that says which book it is."""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from suyuan.domain.errors import BadInput
from suyuan.domain.worktime import Calendar, FixedDay

from .checks import check
from .clauses import Clause
from .duties import Duty
from .editions import boundaries, editions_of, in_force
from .labelled import labelled
from .messages import OWN, STEP, MessageText
from .notices import Notice, calendar, notice
from .office import Document, FormField, OfficeRecord, Phrase, Route, in_force_all, routed
from .playbooks import Emergency, Playbook, nearest
from .reading import JUDGED_TABLES
from .records import FACTS, LADDER, BusinessType, Category, Choice, Figure, Limit, Record, plain
from .script import script
from .sheets import Asked, SheetRule, asked
from .tables import Placed, records

_FACTS = frozenset(FACTS)


class Rulebook:
    """Every record and the calendar. Two books are equal when their editions are."""

    def __init__(
        self,
        placed: Sequence[Placed],
        notices: Mapping[date, tuple[str, Notice]],
        fixed: tuple[FixedDay, ...],
    ) -> None:
        check(placed)
        self._placed = tuple(placed)
        self.notices = tuple(notices[first][1] for first in sorted(notices))
        self.calendar: Calendar = calendar(notices, fixed)
        self.figures = editions_of(Figure, placed)
        self._categories = editions_of(Category, placed)
        self._business_types = editions_of(BusinessType, placed)
        self._choices = editions_of(Choice, placed)
        self.routes = editions_of(Route, placed)
        self.phrases = editions_of(Phrase, placed)
        self.messages = editions_of(MessageText, placed)
        self.form_fields = editions_of(FormField, placed)
        self.documents = editions_of(Document, placed)
        self.sheets = editions_of(SheetRule, placed)
        self.duties = editions_of(Duty, placed)
        self.clauses = editions_of(Clause, placed)
        self._playbooks = editions_of(Playbook, placed)
        self._emergencies = editions_of(Emergency, placed)
        self.limits: Mapping[str, tuple[Limit, ...]] = {
            key: tuple(self.with_ladder(limit) for limit in editions)
            for key, editions in editions_of(Limit, placed).items()
        }
        self._days = boundaries(self.limits.values())
        self._answers: dict[tuple[object, ...], tuple[Limit, ...]] = {}

    def with_ladder(self, limit: Limit) -> Limit:
        """Return ``limit`` with its rungs; where it names none the house ladder holds."""
        if limit.warn and limit.after:
            return limit
        terms = self.figures[LADDER][-1].terms
        warn = limit.warn or tuple(terms["warn"])
        return replace(limit, warn=warn, after=limit.after or tuple(terms["after_hours"]))

    # ---- limits ----

    def limit(self, id: str, on: date) -> Limit | None:  # noqa: A002 the record's own word
        """Return the edition of a limit in force on a day, or None if none was; an unknown id raises."""
        if id not in self.limits:
            raise BadInput("unknown_limit", id=id, near=get_close_matches(id, self.limits, 3))
        return in_force(self.limits[id], on)

    def limits_for(self, procedure: str, facts: Mapping[str, str], on: date) -> tuple[Limit, ...]:
        """Return the limits in force on a day that hold a case of that procedure with those facts."""
        if not facts.keys() <= _FACTS:
            raise BadInput("unknown_fact", facts=sorted(facts.keys() - _FACTS))
        key = (bisect_right(self._days, on), procedure, *map(facts.get, FACTS))
        if (known := self._answers.get(key)) is None:
            known = tuple(
                limit
                for editions in self.limits.values()
                if (limit := in_force(editions, on))
                and procedure in limit.procedures
                and limit.matches(facts)
            )
            self._answers[key] = known
        return known

    def start(self, family: str, facts: Mapping[str, str], on: date) -> tuple[Limit, ...]:
        """Return the limits of a family in force on a day that match; an unknown family raises."""
        if not facts.keys() <= _FACTS:
            raise BadInput("unknown_fact", facts=sorted(facts.keys() - _FACTS))
        if family not in self._families:
            raise BadInput("unknown_limit", id=family, near=get_close_matches(family, self._families, 3))
        found = (in_force(self.limits[id], on) for id in self._families[family])  # noqa: A001
        return tuple(limit for limit in found if limit and limit.matches(facts))

    @cached_property
    def _families(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for id, editions in self.limits.items():  # noqa: A001
            for limit in editions:
                found.setdefault(limit.family, {})[id] = None
        return {family: tuple(ids) for family, ids in found.items()}

    # ---- the other records: the newest edition, or the one of a day ----

    @cached_property
    def categories(self) -> Mapping[str, Category]:
        return {code: editions[-1] for code, editions in self._categories.items()}

    def category(self, code: str, on: date) -> Category | None:
        """Return the edition of a category in force on a day, or None; an unknown code raises."""
        if code not in self._categories:
            raise BadInput(
                "unknown_category", category=code, near=get_close_matches(code, self._categories, 3)
            )
        return in_force(self._categories[code], on)

    @cached_property
    def business_types(self) -> Mapping[str, BusinessType]:
        return {code: editions[-1] for code, editions in self._business_types.items()}

    def restricts(self, business_type: str, category: str) -> bool:
        """Tell whether a case of this type and category, or of one above it, is for the audit desk alone."""
        kind = self.business_types.get(business_type)
        codes = category.split(".") if category else []
        above = (self.categories.get(".".join(codes[:depth])) for depth in range(1, len(codes) + 1))
        return bool(kind and kind.restricts) or any(each is not None and each.restricts for each in above)

    @cached_property
    def asked_for(self) -> tuple[str, ...]:
        """Return the types a contact can be of, as written: no verb leads on from what only files bring."""
        kinds = self.business_types.values()
        return tuple(one.code for one in kinds if one.procedure != "imported" and not one.is_opened_by_a_verb)

    @cached_property
    def choices(self) -> Mapping[str, Mapping[str, Choice]]:
        """Return every closed list by name, each a mapping of code to value in the order written."""
        found: dict[str, dict[str, Choice]] = {}
        for editions in self._choices.values():
            found.setdefault(editions[-1].list, {})[editions[-1].code] = editions[-1]
        return found

    @property
    def channels(self) -> Mapping[str, Choice]:
        return self.choices["channel"]

    @property
    def levels(self) -> Mapping[str, Choice]:
        return self.choices["level"]

    @property
    def specialties(self) -> Mapping[str, Choice]:
        return self.choices["specialty"]

    @cached_property
    def reasons(self) -> Mapping[str, tuple[Choice, ...]]:
        """Return the reason lists: pause, return, void, unreached, dissatisfied, transfer …"""
        prefix = "reason."
        return {
            name.removeprefix(prefix): tuple(values.values())
            for name, values in self.choices.items()
            if name.startswith(prefix)
        }

    def script(self, procedure: str, on: date) -> tuple[Choice, ...]:
        """Return what a customer of a procedure is asked when called back on a day.

        Its own questions stand behind the greeting, and before those that everybody is asked.
        """
        return script(self.choices, procedure, on)

    def figure(self, id: str, on: date) -> Figure | None:  # noqa: A002
        """Return the edition of a figure in force on a day, or None; an unknown id raises."""
        if id not in self.figures:
            raise BadInput("unknown_figure", id=id, near=get_close_matches(id, self.figures, 3))
        return in_force(self.figures[id], on)

    # ---- what the office keeps beside them ----

    def editions(self, table: str) -> Mapping[str, Sequence[Record | OfficeRecord]]:
        """Return every edition of every record of one table, oldest first."""
        found: Mapping[str, Mapping[str, Sequence[Record | OfficeRecord]]] = {
            "limit": self.limits,
            "category": self._categories,
            "business_type": self._business_types,
            "choice": self._choices,
            "figure": self.figures,
            "route": self.routes,
            "phrase": self.phrases,
            "message": self.messages,
            "form_field": self.form_fields,
            "document": self.documents,
            "sheet": self.sheets,
            "duty": self.duties,
            "clause": self.clauses,
            "playbook": self._playbooks,
            "emergency": self._emergencies,
        }
        return found[table]

    def route(self, facts: Mapping[str, str], on: date) -> Route | None:
        """Return the routing row in force on a day that says most about a case with those facts."""
        return routed(in_force_all(self.routes, on), facts)

    def fields_of(self, procedure: str, verb: str, on: date) -> list[FormField]:
        """Return the fields the office adds to the form of a step on a day."""
        every: list[FormField] = in_force_all(self.form_fields, on)
        return [one for one in every if (one.procedure, one.verb) == (procedure, verb)]

    def documents_of(self, step: str, on: date) -> list[Document]:
        """Return the documents in force on a day that govern a step, written ``procedure.verb``."""
        return [one for one in in_force_all(self.documents, on) if step in one.steps]

    def sheets_for(self, procedure: str, facts: Mapping[str, str], on: date) -> Asked:
        """Return the sheets a case of a procedure with those facts must hold on a day, or had better hold."""
        return asked(in_force_all(self.sheets, on), procedure, facts)

    @cached_property
    def playbooks(self) -> Mapping[str, Playbook]:
        return {code: editions[-1] for code, editions in self._playbooks.items()}

    def playbook(self, category: str, on: date) -> Playbook | None:
        """Return the playbook in force on a day for a category, its own or the nearest above it."""
        return nearest(self._playbooks, category, on)

    @cached_property
    def emergencies(self) -> Mapping[str, Emergency]:
        return {code: editions[-1] for code, editions in self._emergencies.items()}

    def phrases_for(self, field: str, on: date) -> list[Phrase]:
        """Return the phrases in force on a day that are offered at a field."""
        return [one for one in in_force_all(self.phrases, on) if not one.fields or field in one.fields]

    def message(self, template: str, on: date) -> MessageText | None:
        """Return the office's wording of a template on a day: its own or, for a verb, the one all share."""
        shared = () if template in OWN else self.messages.get(STEP, ())
        return in_force(self.messages.get(template, ()), on) or in_force(shared, on)

    def code_of(self, list: str, label: str) -> str | None:  # noqa: A002
        """Return the code a label stands for in ``business_type``, ``category`` or a closed list, or None."""
        return self._labels.get((list, label.strip()))

    @cached_property
    def _labels(self) -> Mapping[tuple[str, str], str]:
        return labelled(self.categories, self.business_types, self.choices)

    # ---- which book this is ----

    @cached_property
    def frozen(self) -> Mapping[str, Any]:
        """All that judges, ready for JSON; ``thaw`` gives back an equal book."""
        content: dict[str, Any] = {
            name: [plain(one) for editions in self.editions(name).values() for one in editions]
            for name in JUDGED_TABLES
        }
        content["calendar"] = [one.plain() for one in self.notices]
        content["fixed_day"] = [[d.month, d.day, d.since, d.until] for d in self.calendar.fixed_statutory]
        return content

    @classmethod
    def thaw(cls, content: Mapping[str, Any]) -> "Rulebook":
        """Return the book that ``frozen`` wrote down."""
        fixed = tuple(FixedDay(*one) for one in content["fixed_day"])
        notices = [notice("frozen", one, fixed) for one in content["calendar"]]
        placed = [pair for name in JUDGED_TABLES for pair in records("frozen", name, content[name])]
        return cls(placed, {one.first: ("frozen", one) for one in notices}, fixed)

    def with_calendar_of(self, other: "Rulebook") -> "Rulebook":
        """Return this book's records with the notices of another: a pinned edition under today's calendar."""
        notices = {one.first: ("frozen", one) for one in other.notices}
        return Rulebook(self._placed, notices, other.calendar.fixed_statutory)

    @cached_property
    def edition(self) -> str:
        """The digest of every record that judges and the calendar, whatever order the files had."""
        content = {
            name: sorted(json.dumps(one, sort_keys=True, ensure_ascii=False) for one in found)
            for name, found in self.frozen.items()
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rulebook) and self.edition == other.edition

    def __hash__(self) -> int:
        return hash(self.edition)
