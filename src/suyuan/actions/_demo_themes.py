"""What the demo shows of themes: an order about one that is past its threshold today, taken on."""

from datetime import datetime

from suyuan.analytics import themes
from suyuan.analytics.themes import Theme
from suyuan.domain.evaluation import About
from suyuan.domain.vocabulary import Role
from suyuan.gateways.engine import open_duckdb
from suyuan.store import lake
from suyuan.store.queries import themes as rulebook
from suyuan.store.queries import viewer

from . import evaluation
from .perform import perform


def past_threshold(now: datetime, kind: str = "", unit: str = "") -> About | None:
    """Return the first technical theme past its threshold then, of a kind at a unit where they are named."""

    def wanted(one: Theme) -> bool:
        here = kind in ("", one.name.kind) and unit in ("", one.name.unit)
        return here and rulebook.is_technical(one.name.kind)

    lake.refresh()
    span = rulebook.span(now)
    with open_duckdb(lake.folder()) as engine:
        tables = engine.tables()
        found = next(filter(wanted, themes.find(tables, span, rulebook.threshold())), None)
        if found is None:
            return None
        return rulebook.about(found, span, themes.numbers(tables, span, found.name, rulebook.BEHIND))


def show(*, now: datetime) -> str:
    """Let marketing open an order about a theme of today and operations take it on; return its number."""
    marketing, operations = (viewer.named(role.value) for role in (Role.MARKETING, Role.OPERATIONS))
    about = past_threshold(now)
    if marketing is None or operations is None or about is None:
        return ""
    note = "近期投诉集中，请评估线路和设备状态。"
    number = evaluation.open_evaluation(actor=marketing.actor, about=about, note=note, now=now).number
    perform(number=number, verb="accept", actor=operations.actor, now=now, form={})
    return number
