"""The columns of a worksheet: what stands of a case, the verb, and every field a verb of it asks for."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from suyuan.domain.errors import BadInput
from suyuan.domain.fields import Field, Type
from suyuan.domain.procedure import Step
from suyuan.domain.procedures import CURRENT
from suyuan.gateways.worksheet import Column
from suyuan.store import clauses, rules
from suyuan.store.queries import org
from suyuan.store.queries.viewer import Viewer

SHOWN = ("number", "business_type", "state", "unit", "accepted_at", "due", "brief")
"""What stands of a case; nothing of it leads to a person, the text is the masked one."""
WIDTHS = {"number": 20, "unit": 18, "accepted_at": 17, "due": 17, "brief": 40}
KINDS = {Type.LONGTEXT: "longtext", Type.MOMENT: "moment", Type.INTEGER: "integer"}
LANGUAGES = ("zh", "en")

Choices = tuple[tuple[str, str], ...]
"""Words and codes, in the order they are offered."""


def word(code: str) -> str:
    """Return a phrase of the worksheet."""
    return rules.label("worksheet", code)


def key_of(field: Field) -> str:
    """Return the code of the column in which a field is entered: a list of reasons has one of its own."""
    return f"field:{field.name}:{field.reasons}" if field.reasons else f"field:{field.name}"


def chosen_verb(key: str) -> str:
    """Return the one verb a worksheet is for, empty where each row picks its own."""
    return key.partition(":")[2]


@dataclass(slots=True)
class Asked:
    """A field and the verbs that ask for it."""

    field: Field
    needed_by: dict[str, None]
    asked_by: dict[str, None]


def fields(steps: Iterable[Step]) -> dict[str, Asked]:
    """Return every field the steps ask for, by the code of its column, in the order met."""
    found: dict[str, Asked] = {}
    for step in steps:
        for field in step.form:
            one = found.setdefault(key_of(field), Asked(field, {}, {}))
            if missing := [each for each in field.choices if each not in one.field.choices]:
                one.field = replace(one.field, choices=(*one.field.choices, *missing))
            one.asked_by[step.verb] = None
            if field.required:
                one.needed_by[step.verb] = None
    return found


def own_steps() -> list[Step]:
    """Return the fields the office adds to forms, ended ones too: a sheet may be older than their end."""
    editions = (one for same in rules.rulebook().form_fields.values() for one in same)
    return [Step(one.verb, (), "", (), form=(one.field,)) for one in editions]


def columns(viewer: Viewer, steps: Iterable[Step], verb: str, on: date) -> list[Column]:
    """Return the columns of a worksheet of cases on which these steps are open, as a day offers choices."""
    shown = [
        Column("row", "", hidden=True, locked=True, width=4),
        *(
            Column(name, _title(name), "moment" if name in ("accepted_at", "due") else "text", locked=True)
            for name in SHOWN
        ),
    ]
    shown = [replace(column, width=WIDTHS.get(column.key, column.width)) for column in shown]
    key = f"verb:{verb}" if verb else "verb"
    rows = [verb_column(key), *(field_column(viewer, key, one, on) for key, one in fields(steps).items())]
    return [*shown, *rows, Column("outcome", word("outcome"), "longtext", locked=True, width=36)]


def verb_column(key: str) -> Column:
    """Return the column in which a row says what is to be done."""
    return Column(key, word("verb"), "verb", help=word("verb_help"))


def field_column(viewer: Viewer, key: str, asked: Asked, on: date) -> Column:
    """Return the column of one field, with the verbs that need it in its note."""
    field = asked.field
    gone = rules.ended(field, on)
    needed = tuple(rules.label("verb", verb) for verb in asked.needed_by)
    may = tuple(rules.label("verb", verb) for verb in asked.asked_by if verb not in asked.needed_by)
    lines = [word(f"type_{field.type.value}")]
    lines += [f"{word('needed_by')}{'、'.join(needed)}"] if needed else []
    lines += [f"{word('asked_by')}{'、'.join(may)}"] if may else []
    return Column(
        key,
        title_of(field),
        KINDS.get(field.type, "text"),
        choices=tuple((words, code) for words, code in choices(viewer, field) if code not in gone),
        help="\n".join(lines),
        width=32 if field.type is Type.LONGTEXT else 16,
        needed_by=needed,
    )


def title_of(field: Field) -> str:
    """Return what a field's column is headed; a reason says what for, where the list is a verb's."""
    title = rules.label("field", field.name)
    if not field.reasons:
        return title
    owner = rules.label("verb", field.reasons)
    return f"{title}（{owner}）" if owner != field.reasons else title


def _title(name: str) -> str:
    return rules.label("field", "text" if name == "brief" else name)


def choices(viewer: Viewer, field: Field, lang: str | None = None) -> Choices:
    """Return the words a field may hold with their codes; words that two codes share carry the code."""
    if field.type is Type.BOOL:
        return (rules.label("worksheet", "yes", lang), "1"), (rules.label("worksheet", "no", lang), "0")
    if field.type is Type.UNIT:
        return _apart([(unit.code, unit.name) for unit in org.units(viewer)])
    if field.type is Type.CLAUSE:
        return _apart(clauses.offered(lang))
    if field.type in (Type.CHOICE, Type.CATEGORY, Type.BUSINESS_TYPE):
        return _apart(rules.choices(field, lang))
    return ()


def _apart(offered: Sequence[tuple[str, str]]) -> Choices:
    times = Counter(plain(words) for _, words in offered)
    return tuple(
        (f"{words}（{code}）" if times[plain(words)] > 1 else words, code) for code, words in offered
    )


def plain(words: str) -> str:
    """Return words without the blanks that show how deep they stand in a tree."""
    return words.strip(" \u3000\u00a0\t\r\n")


def codes(viewer: Viewer, field: Field) -> dict[str, str]:
    """Return what a cell may hold, in either language or as the code itself, with the code it means."""
    found: dict[str, str] = {}
    for lang in LANGUAGES:
        for words, code in choices(viewer, field, lang):
            found |= {plain(words): code, code: code}
    return found


def verb_codes() -> dict[str, str]:
    """Return every verb by its words in either language and by its code."""
    known = dict.fromkeys(step.verb for procedure in CURRENT.values() for step in procedure.steps)
    return {verb: verb for verb in known} | {
        rules.label("verb", verb, lang): verb for verb in known for lang in LANGUAGES
    }


def known_verb(verb: str) -> str:
    """Return a verb that some procedure has; raise BadInput for any other."""
    if verb and verb not in verb_codes().values():
        raise BadInput("unknown_verb", verb=verb)
    return verb
