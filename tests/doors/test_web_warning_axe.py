"""Warnings, signals and mutes with rows on them: WCAG by axe, on a desk and on a phone."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.utils import timezone

from tests.board_pages import signed_in
from tests.doors.test_web_axe import SITE, styled
from tests.doors.test_web_evaluation_axe import broken
from tests.factories import NOW, case_at
from tests.naming import named
from tests.warned import HOUR, kept, muted, opened, signal, warning_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def window(page):
    """Return the browser's window, with axe in it."""
    page.emulate_media(reduced_motion="reduce")
    page.route("**/*", styled)
    page.goto(SITE)
    page.evaluate(AXE_SCRIPT)
    return page


def test_the_board_a_signal_its_forms_and_the_mutes_break_nothing(window) -> None:
    behind = case_at("handling").number
    opened(timezone.now() - HOUR, signal(f"case:{behind}", cases=(behind,)))
    muted(1)
    client, row = signed_in("office"), kept(f"case:{behind}").pk

    assert broken(window, client, "/warnings/") == []
    assert broken(window, client, f"/signals/{row}/") == []
    assert broken(window, client, f"/signals/{row}/open/") == []
    assert broken(window, client, f"/mutes/add/?signal={row}") == []
    assert broken(window, client, "/mutes/") == []


def test_a_warning_being_acted_on_and_a_closed_one_break_nothing(window) -> None:
    case = warning_at("handling", NOW)
    closed = warning_at("archived", NOW + HOUR, signal("line:L1", category="quality.voltage"))

    assert broken(window, signed_in("station"), f"/case/{case.number}/") == []
    assert broken(window, signed_in("office"), f"/case/{closed.number}/") == []


def test_the_monthly_comparison_with_a_unit_named_breaks_nothing(window) -> None:
    named()

    assert broken(window, signed_in("office"), "/warnings/comparison/") == []
