"""What was done on a case since somebody opened it, in words: when, by whom, and where to."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext

from suyuan.store import rules

from .templatetags.ui import lang, local


def lines(facts: Mapping[str, object]) -> list[str]:
    """Return what the facts of a ``moved_on`` or ``form_used`` tell, oldest first."""
    since = facts.get("since")
    if isinstance(since, list):
        return [_line(each) for each in since]
    return [_line(facts)] if "at" in facts and "by" in facts else []


def _line(done: Mapping[str, object]) -> str:
    told = {
        "at": local(datetime.fromisoformat(str(done["at"]))),
        "by": done["by"],
        "verb": rules.label("verb", str(done.get("verb", "")), lang()),
    }
    said = gettext("%(at)s %(by)s：%(verb)s") % told
    state = str(done.get("state") or "")
    return f"{said} → {rules.label('state', state, lang())}" if state else said
