"""The words of a message: made when it is shown or leaves, in the reader's language, and always masked."""

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from suyuan.domain.errors import BadInput
from suyuan.domain.masking import mask
from suyuan.domain.rulebook import messages

from . import rules
from .models import Message, Wording

SHELVES = {
    "verb": "verb",
    "state": "state",
    "limit": "limit",
    "rung": "rung",
    "role": "role",
    "ground": "ledger_ground",
    "kind": "ledger_kind",
    "counted": "counted_in",
    "rule_kind": "rule_kind",
}
"""The facts of a message that are codes, and the kind of label that has their words."""


@dataclass(frozen=True, slots=True)
class Words:
    """A message in words."""

    subject: str
    text: str


Content = Mapping[str, Mapping[str, str]]
"""Subject and text of a template, each by its language; what the office worded also says since when."""
CARRIED = (
    *("rung", "to_sign", "objection", "objection_answered", "support_answered", "support_declined"),
    *("urged_again", "grave", "acknowledge", "repeat_event", "promise_due", "named_warning"),
    *("password_reset", "password_waits", "role_asked", "role_decided", "review"),
    *("rule_to_approve", "rule_decided"),
    *("ledger_to_sign", "ledger_counts", "ledger_taken_back", "ledger_turned_down"),
    *messages.TELLING,
)
"""What a channel can carry: warnings of clocks, password resets, the verbs that tell somebody."""


def check(template: str) -> None:
    """Raise BadInput for a template nobody has words for."""
    if template not in messages.OWN and rules.label("verb", template) == template:
        raise BadInput("unknown_template", template=template)


def is_urgent(template: str) -> bool:
    """Return whether a template leaves in quiet hours too."""
    return template in rules.rulebook().figures["outbox.urgent"][-1].terms["templates"]


def shipped(template: str) -> Content:
    """Return how the product words a template; a verb without words of its own is worded as every step is."""
    own = template if template in messages.OWN else messages.STEP
    return {
        part: {language: rules.label(shelf, own, language) for language in ("zh", "en")}
        for part, shelf in (("subject", "notice_subject"), ("text", "notice"))
    }


def pattern(template: str, now: datetime) -> Content:
    """Return how a template is worded today: by the office's edition in force, else as shipped."""
    check(template)
    found = rules.rulebook().message(template, rules.local_day(now))
    if found is None:
        return shipped(template)
    return {
        "subject": {"zh": found.title.zh, "en": found.title.en},
        "text": {"zh": found.text.zh, "en": found.text.en},
        "since": {"day": str(found.in_force_from or ""), "basis": found.basis},
    }


def kept(template: str, now: datetime) -> int:
    """Return the id of the stored wording of a template in force now, keeping it on first use."""
    content = pattern(template, now)
    plain = json.dumps([template, content], sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(plain.encode()).hexdigest()
    known = rules.WORDINGS.get(digest)
    if known is None:
        given = {"template": template, "content": content, "first_used_at": now}
        known = Wording.objects.get_or_create(digest=digest, defaults=given)[0].pk
        transaction.on_commit(functools.partial(rules.WORDINGS.__setitem__, digest, known))
    return known


def of(message: Message, language: str) -> Words:
    """Return a message in the words it was queued with; one older than kept wordings in the shipped ones."""
    content = message.wording.content if message.wording is not None else None
    return words(message.template, message.facts, message.case_number, language, content)


def words(
    template: str, facts: Mapping[str, object], case: str, language: str, content: Content | None = None
) -> Words:
    """Return a message in words; facts that are codes are named, everything else is masked.

    ``content`` is how the template is worded, without it as shipped.
    """
    check(template)
    said = {name: _said(name, str(value), language) for name, value in facts.items()}
    said |= {"case": case}
    worded = content or shipped(template)
    try:
        text = worded["text"][language].format_map(said)
    except KeyError as missing:
        raise BadInput("missing_fact", template=template, field=str(missing.args[0])) from None
    return Words(subject=f"{worded['subject'][language]} {case}".strip(), text=text)


def _said(name: str, value: str, language: str) -> str:
    if name == "document":
        return mask(rules.label("document", value, language))  # older messages hold the title itself
    return rules.label(SHELVES[name], value, language) if name in SHELVES else mask(value)


def title(template: str, language: str) -> str:
    """Return what a template is called."""
    return rules.label("template" if template in messages.OWN else "verb", template, language)


PROBLEM = {"http": "carrier_http", "smtp": "carrier_smtp", "rejected": "rejected", "reported": "reported"}
"""How a problem with a code of the carrier's own begins, and the words it is shown in."""


def problem(code: str, language: str) -> str:
    """Return why a message was not taken, in words, with what the carrier called it."""
    head = code.replace(" ", "_").partition("_")[0]
    if head in PROBLEM:
        said = code[len(head) + 1 :]
        return rules.label("message_problem", PROBLEM[head], language).format(code=said).strip()
    return rules.label("message_problem", code, language)
