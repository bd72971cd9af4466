"""What was done on a case since somebody opened it, in words: when, by whom, and where to."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext

from suyuan.store import rules

from .names import Named, named
from .templatetags.ui import lang, local


def lines(facts: Mapping[str, object]) -> list[str]:
    """Return what the facts of a ``moved_on`` or ``form_used`` tell, oldest first."""
    since = facts.get("since")
    done = since if isinstance(since, list) else [facts] if "at" in facts and "by" in facts else []
    who = named(str(each["by"]) for each in done)
    return [_line(each, who[str(each["by"])]) for each in done]


def last(facts: Mapping[str, object]) -> str:
    """Return the last step of a case that a step came too late for, in brackets; nothing where not told."""
    done = facts.get("last_step")
    if not isinstance(done, Mapping):
        return ""
    said = _line(done, named([str(done["by"])])[str(done["by"])])
    return gettext("（最近一步：%(said)s）") % {"said": said}


def _line(done: Mapping[str, object], who: Named) -> str:
    told = {
        "at": local(datetime.fromisoformat(str(done["at"]))),
        "by": who,
        "verb": rules.label("verb", str(done.get("verb", "")), lang()),
    }
    said = gettext("%(at)s %(by)s：%(verb)s") % told
    state = str(done.get("state") or "")
    return f"{said} → {rules.label('state', state, lang())}" if state else said
