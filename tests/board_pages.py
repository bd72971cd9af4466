"""What the tests of the board's pages share: who looks, at what, and how a figure is found."""

from django.test import Client

from suyuan.store.models import Case
from tests.factories import case_at, person
from tests.lakes import fresh_lake

MONTH = "2026-03"


def signed_in(role: str, **at: str) -> Client:
    """Return a client signed in as a person with ``role``."""
    client = Client()
    client.force_login(person(role, **at))
    return client


def three_complaints() -> list[Case]:
    """Return two archived complaints and one still with its desk, exported to the lake."""
    cases = [case_at("archived"), case_at("archived", account="3300000000001"), case_at("handling")]
    fresh_lake()
    return cases


def row(page, measure: str):
    """Return a measure as the page shows it."""
    return next(each for each in page.context["five"] if each.id == measure)
