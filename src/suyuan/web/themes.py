"""Themes past their threshold at places in reach, and what an order is opened about."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils.http import urlencode

from suyuan.analytics import themes as method
from suyuan.analytics.themes import Span, Theme, Threshold
from suyuan.domain.errors import Refused
from suyuan.domain.evaluation import THEME, About
from suyuan.store.queries import evaluations, org
from suyuan.store.queries import themes as rulebook
from suyuan.store.queries.viewer import Viewer

from . import access, figures
from .ahead import ahead
from .figures import Stand
from .templatetags.ui import lang

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A theme past its threshold as a page lists it."""

    theme: Theme
    title: str
    unit: str
    number: str
    """The order that is open about it, if there is one."""
    query: str
    """What the form that opens one is asked with; empty where whoever looks can open none."""
    registers: bool
    """Whether it is no matter of equipment, and whoever looks may register an improvement."""


@ahead
def past_threshold(at: Stand, span: Span, rule: Threshold) -> tuple[Theme, ...]:
    """Return the themes of a span; no moment changes them, only an export."""
    return _found(replace(at, as_of=EPOCH), span, rule)


@functools.lru_cache(maxsize=4)
def _found(at: Stand, span: Span, rule: Threshold) -> tuple[Theme, ...]:
    return tuple(method.find(at.tables(), span, rule))


def seen(viewer: Viewer, now: datetime) -> list[Theme]:
    """Return the themes past their threshold at places in reach, the least likely to be chance first."""
    found = past_threshold(figures.stand(now), rulebook.span(now), rulebook.threshold())
    return [one for one in found if viewer.sees(one.name.unit_path)]


def about(viewer: Viewer, key: str, now: datetime) -> About:
    """Return what an order is opened about; raise Refused for what is not past its threshold in reach."""
    theme = next((one for one in seen(viewer, now) if one.name.key == key), None)
    if theme is None:
        raise Refused("no_such_theme", theme=key)
    span, tables = rulebook.span(now), figures.stand(now).tables()
    return rulebook.about(theme, span, method.numbers(tables, span, theme.name, rulebook.BEHIND))


def listed(request: HttpRequest, now: datetime) -> list[Proposed]:
    """Return the themes in reach with what whoever looks may do about each."""
    return _proposed(request, seen(request.viewer, now))  # type: ignore[attr-defined]


def _proposed(request: HttpRequest, found: Sequence[Theme]) -> list[Proposed]:
    names = {one.code: one.name for one in org.every()}
    standing = evaluations.open_keys([_key(one) for one in found])
    opens, improves = (access.may_open(request, name) for name in ("evaluation_open", "improvement_add"))
    rows = []
    for one in found:
        technical = rulebook.is_technical(one.name.kind)
        rows.append(
            Proposed(
                one,
                evaluations.title(one.name.kind, lang()),
                names.get(one.name.unit, one.name.unit),
                standing.get(_key(one), ""),
                urlencode({"theme": one.name.key}) if technical and opens else "",
                not technical and improves,
            )
        )
    return rows


def _key(theme: Theme) -> str:
    return f"{THEME}|{theme.name.key}"
