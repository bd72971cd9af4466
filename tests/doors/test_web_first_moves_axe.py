"""A call with its number shown, a portrait as it is shown once, the effect drawn: WCAG by axe."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from suyuan.actions.firstmoves import make
from suyuan.store.models import FirstMove
from tests.board_pages import signed_in
from tests.customer_files import load
from tests.doors.test_web_axe import FRAME, SITE, styled, violations
from tests.factories import case_at, unit
from tests.first_moves import made, of_case

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "往来历史"), ("en", "History")])
def test_the_number_the_portrait_and_the_effect_break_nothing(page, tmp_path, monkeypatch, language, said):
    monkeypatch.setattr(make, "is_held_out", lambda lot, share: False)
    unit(), load(tmp_path)
    made([of_case(case_at("handling"))])
    at = f"/first-moves/{FirstMove.objects.get().pk}/"
    station, office = signed_in("station"), signed_in("office")
    station.cookies["django_language"] = office.cookies["django_language"] = language
    number = station.post(f"{at}number/", {"purpose": "call_back"}).content.decode()
    portrait = station.post(f"{at}portrait/", {"portrait_purpose": "first_move"}).content.decode()
    page.emulate_media(reduced_motion="reduce")
    page.route("**/*", styled), page.goto(SITE), page.evaluate(AXE_SCRIPT)

    assert ("tel:13912345678" in number, said in portrait) == (True, True)
    for sent in (number, portrait, office.get("/first-moves/effect/").content.decode()):
        page.set_content(sent)
        assert page.get_attribute("html", "lang") == language
        assert list(violations(page, FRAME)) == []
