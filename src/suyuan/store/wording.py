"""The words of a message: made when it is shown or leaves, in the reader's language, and always masked."""

from collections.abc import Mapping
from dataclasses import dataclass

from suyuan.domain.errors import BadInput
from suyuan.domain.masking import mask
from suyuan.domain.procedures import CURRENT

from . import rules

SHELVES = {"verb": "verb", "state": "state", "limit": "limit", "rung": "rung"}
"""The facts of a message that are codes, and the kind of label that has their words."""

OWN = ("rung", "test", "password_reset", "password_waits", "review")
"""Templates with words of their own; every verb that tells somebody is one too, and they share theirs."""


@dataclass(frozen=True, slots=True)
class Words:
    """A message in words."""

    subject: str
    text: str


def carried() -> tuple[str, ...]:
    """Return what a channel can carry: warnings of clocks, password resets, the verbs that tell somebody."""
    telling = {step.verb for procedure in CURRENT.values() for step in procedure.steps if step.tells}
    return ("rung", "password_reset", "password_waits", "review", *sorted(telling))


def check(template: str) -> None:
    """Raise BadInput for a template nobody has words for."""
    if template not in OWN and rules.label("verb", template) == template:
        raise BadInput("unknown_template", template=template)


def is_urgent(template: str) -> bool:
    """Return whether a template leaves in quiet hours too."""
    return template in rules.rulebook().figures["outbox.urgent"][-1].terms["templates"]


def words(template: str, facts: Mapping[str, object], case: str, language: str) -> Words:
    """Return a message in words; facts that are codes are named, everything else is masked."""
    check(template)
    own = template if template in OWN else "step"
    said = {name: _said(name, str(value), language) for name, value in facts.items()}
    said |= {"case": case}
    pattern = rules.label("notice", own, language)
    try:
        text = pattern.format_map(said)
    except KeyError as missing:
        raise BadInput("missing_fact", template=template, field=str(missing.args[0])) from None
    return Words(subject=f"{rules.label('notice_subject', own, language)} {case}".strip(), text=text)


def _said(name: str, value: str, language: str) -> str:
    return rules.label(SHELVES[name], value, language) if name in SHELVES else mask(value)


def title(template: str, language: str) -> str:
    """Return what a template is called."""
    return rules.label("template" if template in OWN else "verb", template, language)


PROBLEM = {"http": "carrier_http", "smtp": "carrier_smtp", "rejected": "rejected", "reported": "reported"}
"""How a problem with a code of the carrier's own begins, and the words it is shown in."""


def problem(code: str, language: str) -> str:
    """Return why a message was not taken, in words, with what the carrier called it."""
    head = code.replace(" ", "_").partition("_")[0]
    if head in PROBLEM:
        said = code[len(head) + 1 :]
        return rules.label("message_problem", PROBLEM[head], language).format(code=said).strip()
    return rules.label("message_problem", code, language)
