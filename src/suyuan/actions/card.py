"""Satisfaction cards: given to a customer who was served, rated on the public page or typed in from paper.

A card is of one handling. However late it comes in, it is held against the telephone answer of that one.
"""

from datetime import datetime

from django.db import transaction

from suyuan.domain import card as rule
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.domain.vocabulary import SATISFACTIONS, State
from suyuan.store import chain, rows
from suyuan.store.models import Card, Case
from suyuan.store.queries import cards as queries
from suyuan.store.queries import cases

from . import signin
from ._change import Change
from ._items import DIGEST, listed

DOOR = "card"
"""What wrong codes of an address are counted as."""


def issue_card(change: Change) -> State | None:
    """Give the customer a card; its code is worked out again whenever it is printed."""
    case = change.case
    Card.objects.create(
        case=case,
        episode=case.episode,
        digest=queries.digest(queries.code(case)),
        issued_at=change.now,
        issued_by=change.actor.username,
        answered=case.satisfaction,
    )
    case.card = rule.ISSUED
    case.card_match = queries.matched(case)
    return None


def heard(case: Case) -> None:
    """Hold the card of this handling against what the customer now said on the telephone."""
    if case.card:
        case.cards.filter(episode=case.episode).update(answered=case.satisfaction)
        case.card_match = queries.matched(case)


def take_card(change: Change) -> State | None:
    """Type in what a customer marked on paper, in this handling or an earlier one."""
    row, proved = _shown(change)
    if row.rating:
        raise Refused("card_used")
    change.detail["result"] = proved | _of_earlier(row, change.case)
    _mark(row, change.case, change.text("rating"), change.actor.username, change.now)
    return None


def _shown(change: Change) -> tuple[Card, dict[str, str]]:
    """Return the card that is handed in, and what proves it: its code, or its scan where one alone is out.

    Refuse a card nobody can show. A scan lies among the files of the case and does not say of which handling
    it is; the code does.
    """
    said = change.text("evidence")
    cards = list(Card.objects.select_for_update().filter(case=change.case).order_by("episode"))
    for row in cards:
        if row.digest == queries.digest(said):
            change.form = {name: value for name, value in change.form.items() if name != "evidence"}
            return row, {"card_code_matches": "yes"}  # the code itself is kept nowhere
    out = [row for row in cards if not row.rating]
    if not (DIGEST.search(said) and listed(change.case, said)):
        raise BadInput("bad_form", fields={"evidence": "card_code_or_scan"})
    if len(out) > 1:
        raise BadInput("bad_form", fields={"evidence": "card_code_of_which"})
    return out[0], {}


def _of_earlier(row: Card, case: Case) -> dict[str, str]:
    return {} if row.episode == case.episode else {"card_episode": str(row.episode)}


def rate(*, code: str, rating: str, address: str, now: datetime) -> None:
    """Take what a customer says with the code of a card; raise Refused for a code nobody was given.

    A card speaks once. Wrong codes lock their address for a while, as wrong passwords do.
    """
    if signin.is_shut(what=DOOR, address=address, now=now):
        raise Refused("card_locked")
    if rating not in SATISFACTIONS:
        raise BadInput("bad_form", fields={"rating": "unknown_choice"})
    found = Card.objects.filter(digest=queries.digest(code)).first()
    if found is None:
        signin.missed(what=DOOR, address=address, now=now)
        raise Refused("card_unknown")
    _rate(found.pk, rating, now)


@transaction.atomic
def _rate(card_id: int, rating: str, now: datetime) -> None:
    row = Card.objects.select_related("case").get(pk=card_id)
    case = cases.locked(row.case.number)
    row = Card.objects.select_for_update().get(pk=card_id)
    if row.rating:
        raise Refused("card_used")
    _mark(row, case, rating, "", now)
    case.changed_event = chain.append(
        stream=f"case:{case.number}",
        at=now,
        actor=SYSTEM.username,
        verb=rule.RATE,
        objects=[("case", case.number), ("unit", case.unit.code)],
        detail={"form": {"rating": rating}, "episode": row.episode, "result": _of_earlier(row, case)},
    )
    rows.update(case, ("card", "card_match", "changed_event"))


def _mark(row: Card, case: Case, rating: str, by: str, now: datetime) -> None:
    row.rating, row.taken_by, row.taken_at = rating, by, now
    row.save(update_fields=["rating", "taken_by", "taken_at"])
    if row.episode == case.episode:
        case.card = rating
    case.card_match = queries.matched(case)
