"""Campaigns: opened with a baseline, given improvements, closed with what they came to."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from suyuan.domain import masking
from suyuan.domain.campaign import ADD_FORM, CLOSE_FORM, FORM, MAY, Span
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain, rules
from suyuan.store.models import Campaign, Improvement
from suyuan.store.queries import campaigns, desks, org
from suyuan.store.queries.viewer import Viewer

from ._forms import clean

STREAM = "register:campaigns"


@transaction.atomic
def open_campaign(*, viewer: Viewer, form: Mapping[str, object], now: datetime) -> int:
    """Open a campaign, count what was before it, and return its number."""
    rules.look(now)
    given = clean(FORM, form, now)
    unit = org.unit(str(given["unit"]))
    _may(viewer, unit.path)
    span = Span(*(_day(given[name]) for name in ("baseline_from", "starts_on", "ends_on")))
    span.check(rules.local_day(now))
    categories = _categories(given)
    made = Campaign.objects.create(
        goal=masking.mask(str(given["goal"])),
        unit=unit,
        categories=categories,
        baseline_from=span.baseline_from,
        baseline=campaigns.count(unit.path, categories, span.baseline_from, span.starts_on),
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        opened_by=viewer.actor.username,
        opened_at=now,
    )
    detail = {"unit": unit.code, "categories": categories, "baseline": made.baseline} | {
        name: f"{getattr(span, name):%Y-%m-%d}" for name in ("baseline_from", "starts_on", "ends_on")
    }
    _write(made, viewer, "open_campaign", now, detail)
    return made.pk


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value


def _categories(given: Mapping[str, object]) -> list[str]:
    """Return the categories a campaign counts: one with those below it, or every one of a group."""
    chosen, group = given.get("category"), given.get("assess_group")
    if chosen and group:
        raise BadInput("bad_form", fields={"category": "one_of_two", "assess_group": "one_of_two"})
    if group:
        return sorted(code for code, one in rules.rulebook().categories.items() if one.group == group)
    return [str(chosen)] if chosen else []


@transaction.atomic
def add_improvement(*, viewer: Viewer, campaign: int, form: Mapping[str, object], now: datetime) -> None:
    """Let an entry of the improvement register belong to a campaign that is open, and to no other."""
    found, number = _locked(viewer, campaign), str(clean(ADD_FORM, form, now)["improvement"])
    entry = Improvement.objects.select_for_update(of=("self",)).filter(desks.seen(viewer))
    if (one := entry.filter(case__number=number).first()) is None:
        raise BadInput("bad_form", fields={"improvement": "unknown_case"})
    if one.campaign_id is not None:
        raise Refused("in_a_campaign", number=number, campaign=one.campaign_id)
    one.campaign = found
    one.save(update_fields=["campaign"])
    _write(found, viewer, "add_improvement", now, {}, [("case", number)])


@transaction.atomic
def close_campaign(*, viewer: Viewer, campaign: int, form: Mapping[str, object], now: datetime) -> None:
    """Close a campaign: say whether its goal was reached; the event keeps what had been counted."""
    found, given = _locked(viewer, campaign), clean(CLOSE_FORM, form, now)
    found.closed_by, found.closed_at = viewer.actor.username, now
    found.reached = bool(given["goal_reached"])
    found.conclusion = masking.mask(str(given["conclusion"]))
    found.save()
    track = campaigns.days(found, now)
    last = track[-1]
    counted = {"days": len(track), "n": last.total, "expected": f"{last.expected:.4f}"}
    detail = {"reached": found.reached, "baseline": found.baseline, **counted}
    _write(found, viewer, "close_campaign", now, detail)


def _locked(viewer: Viewer, campaign: int) -> Campaign:
    """Return a campaign in reach, locked, that is still open and whose unit is in one's hands."""
    found = campaigns.campaign(viewer, campaign)
    _may(viewer, found.unit.path)
    locked = Campaign.objects.select_for_update(of=("self",)).select_related("unit").get(pk=found.pk)
    if locked.closed_at is not None:
        raise Refused("campaign_closed", campaign=campaign)
    return locked


def _may(viewer: Viewer, path: str) -> None:
    if not viewer.actor.over_case(path) & MAY:
        raise Refused("not_your_role", roles=sorted(MAY))


def _write(
    of: Campaign,
    viewer: Viewer,
    verb: str,
    now: datetime,
    detail: dict[str, object],
    objects: list[tuple[str, str]] | None = None,
) -> None:
    actor, kept = viewer.actor.username, {"campaign": of.pk, **detail}
    chain.append(stream=STREAM, at=now, actor=actor, verb=verb, objects=objects or [], detail=kept)
