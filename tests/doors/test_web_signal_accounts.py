"""Signals about accounts say which, evidence is chosen by name, one matter has one pre-complaint case."""

import pytest

from suyuan.actions.warn import muting, opening
from suyuan.analytics.detect.signal import Level
from suyuan.store.models import Account, KeptSignal, PreComplaint
from suyuan.store.queries import viewer, warnings
from tests.board_pages import signed_in
from tests.customer_files import load
from tests.doors.test_web_linked import rows
from tests.evidence_files import add
from tests.factories import NOW, actor, case_at, do, person, unit
from tests.warned import DAY, HOUR, MUTE, OVERDUE, keep, kept, opened, refused, signal, warning_at

pytestmark = pytest.mark.django_db


def test_a_signal_about_an_account_says_its_masked_number_and_leads_to_its_last_case(tmp_path):
    unit()
    load(tmp_path)
    case = case_at("handling")
    account = Account.objects.get(number_index=case.account_index)
    warned = opened(one=signal(f"account:{case.account_index}", unit=account.unit.code))
    office = signed_in("office")

    for address in (f"/signals/{KeptSignal.objects.get().pk}/", f"/case/{warned.number}/", "/signals/"):
        text = office.get(address).content.decode()
        assert (account.masked in text, case.account_index in text) == (True, False), address
    assert case.number in office.get(f"/case/{warned.number}/").content.decode()


def test_a_signal_kept_with_the_mark_of_a_log_is_the_same_without_it():
    keep(signal("account:~x1"))
    keep(signal("account:x1"), now=NOW + HOUR)

    assert KeptSignal.objects.get().seen == 2


def test_a_signal_about_one_case_draws_no_empty_chart_and_its_figures_have_units():
    number = case_at("handling").number
    keep(signal(f"case:{number}", cases=(number,)))
    shown = signed_in("office").get(f"/signals/{kept(f'case:{number}').pk}/")

    assert "chart-signal" not in shown.content.decode()
    assert ("所见", "8 %（剩余时限）") in shown.context["facts"]


def test_urgent_warnings_stand_above_important_ones_that_are_due_earlier():
    keep(signal(), signal("account:now", Level.URGENT, category="u"))
    opening.open_waiting(NOW)
    found = warnings.listed(viewer.of(person("office")), warnings.Wanted(), NOW + 9 * DAY)

    assert [one.case.level for one in found] == ["urgent", "important"]


def test_evidence_is_chosen_by_name_needed_while_a_signal_stands_and_told_by_name():
    case = warning_at("handling")
    do(case, "record_act", "station", NOW + HOUR, measures="已电话联系")
    piece = add(case, name="回访.jpg")
    station = signed_in("station")
    boxes = _boxes(station.get(f"/case/{case.number}/"), "propose_closing")
    assert ((piece, "回访.jpg") in boxes["evidence"].choices, boxes["evidence"].required) == (True, True)

    form = {"form": "propose_closing", "proof": "已答复", "evidence": piece}
    assert station.post(f"/case/{case.number}/do/propose_closing/", form).status_code == 302
    told = [one for line in station.get(f"/case/{case.number}/").context["timeline"] for one in line.lines]
    assert ("依据", "回访.jpg") in told


def _boxes(shown, verb):
    (button,) = [one for one in shown.context["buttons"] if one.verb == verb]
    return {box.name: box for box in button.boxes}


def test_a_signal_and_its_case_share_one_pre_complaint_case():
    parent = case_at("handling", "enquiry")
    keep(signal(f"case:{parent.number}", cases=(parent.number,)))
    office, said = signed_in("office"), {"situation": "客户不满意"}
    office.post(f"/precomplaints/open/?signal={kept(f'case:{parent.number}').pk}", said)
    second = office.post(f"/precomplaints/open/?case={parent.number}", said, follow=True)

    number = PreComplaint.objects.get().case.number
    assert f"已并入在办的预投诉 {number}" in second.content.decode()
    assert number in office.get(f"/case/{parent.number}/").content.decode()


def test_the_same_is_muted_once():
    keep(signal())
    what = muting.What("0101", OVERDUE, "account:x1")
    muting.mute(actor=_office(), what=what, form=MUTE, now=NOW)
    with refused("muted_already"):
        muting.mute(actor=_office(), what=what, form=MUTE, now=NOW)


def _office():
    return actor("office")


def test_many_warnings_of_one_detector_and_unit_are_folded_with_a_way_to_the_others():
    keep(*(signal(f"account:{n}", category=f"c{n}") for n in range(8)))
    opening.open_waiting(NOW)
    office = signed_in("office")
    text = office.get("/warnings/").content.decode()

    assert (len(rows(office.get("/warnings/"))), "还有 3 条同类" in text) == (6, True)
    assert len(rows(office.get(f"/warnings/?detector={OVERDUE}&level=important&unit=0101"))) == 8
