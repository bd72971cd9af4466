"""Files the log that is kept came from: what is asked of one, what became of it, what is kept of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext

from suyuan.actions.trace import How, Taken
from suyuan.domain.errors import BadInput
from suyuan.gateways import eventlog, kept_log
from suyuan.store import event_log, rules

from . import traces
from .names import named
from .templatetags.ui import lang, local

Say = Callable[[HttpRequest, str], None]


@dataclass(frozen=True, slots=True)
class Source:
    """A source as the page shows it."""

    name: str
    title: str
    form: str
    digest: str
    at: datetime | None
    by: str
    events: str
    span: str


def layouts() -> list[tuple[str, str]]:
    """Return the layouts of the rulebook by name."""
    return [(name, layout.title) for name, layout in eventlog.shipped().items()]


def title(source: str) -> str:
    """Return what a page calls a source: by its layout where that is its name."""
    known = {**dict(layouts()), kept_log.EARLIER: gettext("从前装入的")}
    return known.get(source, source)


def how(posted: QueryDict) -> How:
    """Return what somebody says of a file; raise BadInput for a layout that is none of the rulebook's."""
    layout = posted.get("layout", "")
    if layout and layout not in eventlog.shipped():
        raise BadInput("unknown_value", field="layout", value=layout[:60])
    return How(posted.get("source", "").strip(), layout, posted.get("replace") == "yes")


def told(taken: Taken) -> Iterator[tuple[Say, str]]:
    """Yield what is said of a file that was merged."""
    if taken.nothing_new:
        yield messages.success, gettext("“%(source)s”没有新的事件，%(unchanged)s 条都已有。") % _counts(taken)
    else:
        yield (
            messages.success,
            gettext(
                "“%(source)s”：新增 %(new)s 条事件，更新 %(changed)s 条，不变 %(unchanged)s 条，"
                "移除 %(removed)s 条；%(referenced)s 个对象换成代号。"
            )
            % _counts(taken),
        )
    if taken.mixed:
        yield (
            messages.warning,
            gettext("%(n)s 张工单另一来源也有，户号或台区却不同：可能是两张工单同号，请核对。")
            % {"n": f"{taken.mixed:,}"},
        )
    for each in taken.quarantined:
        why = rules.label("log_set_aside", each.why, lang())
        more = " …" if each.count > len(each.places) else ""
        yield (
            messages.warning,
            gettext("未装入 %(count)s 处（%(why)s）：%(places)s")
            % {"count": f"{each.count:,}", "why": why, "places": ", ".join(each.places) + more},
        )


def _counts(taken: Taken) -> dict[str, str]:
    names = ("new", "changed", "unchanged", "removed", "referenced")
    return {"source": title(taken.source)} | {name: f"{getattr(taken, name):,}" for name in names}


def sources() -> list[Source]:
    """Return every source, the one that changed last first."""
    found = kept_log.sources(event_log.path()) if event_log.path().exists() else []
    who = named(one.by for one in found if one.by)
    return [
        Source(
            one.name,
            title(one.name),
            title(one.form),
            one.digest[:12],
            datetime.fromisoformat(one.at) if one.at else None,
            str(who.get(one.by, one.by)),
            f"{one.events:,}",
            f"{_day(one.first)} – {_day(one.last)}" if one.events else "",
        )
        for one in found
    ]


def _day(at: int | None) -> str:
    return local(traces.moment(at))[:10] if at is not None else ""
