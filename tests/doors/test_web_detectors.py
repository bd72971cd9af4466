"""The detectors on their page and by command: what they go by, and what became of their signals."""

import json
import re
from datetime import timedelta

import jsonschema
import pytest
from django.utils import timezone

from suyuan.actions.detecting import scorecards
from suyuan.analytics.detect.index import ALL
from suyuan.cli.schema import of
from suyuan.store import rules
from suyuan.store.models import Case, KeptSignal
from suyuan.store.queries import detector_scores
from suyuan.store.queries.detector_scores import Lived
from tests.board_pages import signed_in
from tests.doors.test_web_linked import rows
from tests.factories import NOW, case_at
from tests.warned import DAY, OVERDUE, dismissed, keep, opened, signal, warning_at

pytestmark = pytest.mark.django_db


def lived(now=NOW + 40 * DAY):
    return detector_scores.lived(now)[OVERDUE]


def test_signals_and_warnings_are_counted_by_what_became_of_them():
    warning_at("archived")
    case = opened(NOW + DAY, signal("account:x2"))
    dismissed(case, NOW + DAY, "chance")
    opened(NOW + 2 * DAY, signal("account:x3"))

    found = lived()
    assert (found.signals, found.warnings, found.open) == (3, 3, 1)
    assert (found.confirmed, found.dismissed, found.decided) == (1, 1, 2)


def test_a_complaint_of_the_same_customer_within_the_days_of_the_figure_has_followed():
    about = case_at("registered", "application", account="1", phone="13900000001")
    other = case_at("registered", "application", account="2", phone="13900000002")
    keep(*(signal(f"case:{case.number}", cases=(case.number,)) for case in (about, other)), signal())
    KeptSignal.objects.filter(object=f"case:{about.number}").update(about=about)
    KeptSignal.objects.filter(object=f"case:{other.number}").update(about=other)
    case_at("registered", now=NOW - DAY, account="2", phone="13900000002")
    case_at("registered", now=NOW + 6 * DAY, account="1", phone="13900000009")
    late = case_at("registered", now=NOW + 9 * DAY, account="9", phone="13900000002")
    Case.objects.filter(pk=late.pk).update(accepted_at=NOW + 31 * DAY)

    found = lived()
    assert (found.watched, found.followed, found.lead) == (3, 1, 6.0)
    assert lived(NOW + 20 * DAY).watched == 0


@pytest.mark.parametrize("mark", ["~", ""])
def test_an_account_named_by_its_reference_is_watched_as_well(mark):
    case = case_at("registered", now=NOW + 3 * DAY)
    keep(signal(f"account:{mark}{case.account_index}"))

    assert (lived().watched, lived().leads) == (1, (3.0,))


def test_a_share_is_told_with_its_interval_and_none_where_nothing_is_decided():
    told = scorecards.told(Lived(confirmed=8, dismissed=2))

    assert (told["share"], round(told["low"], 2), round(told["high"], 2)) == (0.8, 0.49, 0.94)
    assert scorecards.told(Lived())["share"] is None


def test_every_detector_is_listed_and_leads_to_its_figures():
    warning_at("archived")
    office = signed_in("office")

    listed = rows(office.get("/detectors/"))
    assert len(listed) == len(ALL)
    page = office.get("/detectors/order_stuck/").content.decode()
    assert "quantile" in page
    assert "/rules/entry/figure/detect.order_stuck/" in page
    assert office.get("/detectors/nothing/").status_code == 404


def test_what_a_detector_looks_for_and_did_is_said_in_the_readers_language():
    office = signed_in("office")
    assert "客户不满意" in office.get("/detectors/silent_dissatisfaction/").content.decode()
    office.cookies["django_language"] = "en"

    page = office.get("/detectors/silent_dissatisfaction/").content.decode()
    assert "A customer is not content and has not complained" in page
    assert "a month told beside the planted" in page
    assert "Paper: no complaint does not mean content" in page
    listed = office.get("/detectors/").content.decode()
    assert "a month told beside the planted" in listed


def test_every_detector_has_a_sentence_that_says_what_it_looks_for():
    for one in ALL:
        said = {rules.label("detector_note", one.name, lang) for lang in ("zh", "en")}
        assert len(said) == 2
        assert one.name not in said


def test_the_page_is_for_those_who_answer_for_what_is_found():
    codes = {role: signed_in(role).get("/detectors/").status_code for role in ("leader", "station", "agent")}

    assert codes == {"leader": 200, "station": 403, "agent": 403}


def test_the_command_lists_the_scorecards(suyuan):
    warning_at("archived", timezone.now() - timedelta(days=40))
    told = json.loads(suyuan("detect", "list", "--json")[1])

    jsonschema.validate(told, of("detect list"))
    one = next(each for each in told["detectors"] if each["detector"] == OVERDUE)
    assert (one["lived"]["confirmed"], one["lived"]["share"]) == (1, 1.0)


def test_what_was_measured_is_of_detectors_there_are_and_says_when_on_what():
    known = {one.name for one in ALL}

    for name, one in scorecards.measured().items():
        assert name in known
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(one["on"]))
        assert 0 <= one["found"] <= one["of"]
        assert one["zh"]
        assert one["en"]


def test_each_detector_names_the_page_that_speaks_of_it():
    from pathlib import Path

    from suyuan.analytics.detect.index import DETECTORS
    from suyuan.web.detectors import _method

    for name in DETECTORS:
        assert name in Path(_method(name)).read_text("utf-8"), name


def test_the_basis_of_every_detector_is_there_in_both_languages_as_the_figure_has_it():
    for one in ALL:
        basis = rules.rulebook().figures[f"detect.{one.name}"][-1].basis
        assert rules.label("detector_basis", one.name, "zh") == basis
        assert rules.label("detector_basis", one.name, "en") != basis
