"""What is promised is written down, kept, broken or moved; its day is recalled; a bulletin is made."""

from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook

from suyuan.actions import commitment, publish
from suyuan.domain.commitment import Record
from suyuan.domain.errors import BadInput, Refused
from suyuan.jobs import publications as jobs
from suyuan.store.models import Commitment, Event, Message, Publication
from suyuan.store.queries import commitments, viewer
from tests.factories import FORMS, NOW, actor, case_at, do, person
from tests.repeat_cases import promised, repeated

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def states() -> list[tuple[int, str, date]]:
    return list(Commitment.objects.order_by("pk").values_list("seq", "state", "promised_on"))


def told() -> list[str]:
    rows = Message.objects.filter(template="promise_due", channel="in_app").order_by("pk")
    return list(rows.values_list("recipient", flat=True))


def test_a_promise_is_kept_by_its_day_and_broken_after_it():
    case = promised()
    assert case.promises == 1
    case = do(case, "promise", "office", **FORMS["promise"](case))
    case = do(case, "keep_promise", "office", NOW + 6 * DAY, commitment="1")
    case = do(case, "keep_promise", "office", NOW + 7 * DAY, commitment="2", note="晚一天")

    assert (case.promises, case.state) == (0, "registered")
    assert states() == [(1, "kept", date(2026, 3, 10)), (2, "broken", date(2026, 3, 10))]
    told_of = Event.objects.filter(stream=f"case:{case.number}", verb__endswith="promise").order_by("seq")
    assert [event.detail["form"].keys() for event in told_of] == [
        {"promise", "promised_on"},
        {"promise", "promised_on"},
        {"commitment"},
        {"commitment", "note"},
    ]
    with pytest.raises(Refused) as nothing:
        do(case, "keep_promise", "office", NOW + 8 * DAY, commitment="1")
    assert nothing.value.code == "no_promise_open"


def test_a_moved_promise_begins_anew_and_one_that_is_over_stays_broken():
    case = promised()
    case = do(case, "move_promise", "office", NOW + DAY, **FORMS["move_promise"](case))
    case = do(
        case, "move_promise", "office", NOW + 20 * DAY, commitment="2", promised_on="2026-04-01", note="缺货"
    )

    assert case.promises == 1
    assert states() == [
        (1, "moved", date(2026, 3, 10)),
        (2, "broken", date(2026, 3, 20)),
        (3, "open", date(2026, 4, 1)),
    ]


@pytest.mark.parametrize(
    ("verb", "form", "wrong"),
    [
        ("promise", {"promise": "补退电费", "promised_on": "2026-03-03"}, {"promised_on": "out_of_order"}),
        ("keep_promise", {"commitment": "7"}, {"commitment": "unknown_commitment"}),
        (
            "move_promise",
            {"commitment": "1", "promised_on": "2026-03-10", "note": "缺货"},
            {"promised_on": "out_of_order"},
        ),
    ],
)
def test_a_day_that_is_over_or_no_later_and_a_promise_there_is_not_are_refused(verb, form, wrong):
    case = promised()
    with pytest.raises(BadInput) as bad:
        do(case, verb, "office", **form)

    assert bad.value.facts["fields"] == wrong
    assert states() == [(1, "open", date(2026, 3, 10))]


def test_a_promise_is_closed_once():
    case = promised()
    do(case, "promise", "office", **FORMS["promise"](case))
    do(case, "keep_promise", "office", NOW + DAY, commitment="1")
    with pytest.raises(BadInput) as bad:
        do(case, "keep_promise", "office", NOW + DAY, commitment="1")

    assert bad.value.facts["fields"] == {"commitment": "commitment_closed"}


def test_a_promise_is_recalled_the_day_before_on_the_day_and_once_it_is_over():
    case = do(case_at("handling"), "promise", "station", NOW + MINUTE, **FORMS["promise"](None))

    reminded = [commitment.remind(now=NOW + n * DAY) for n in (4, 5, 5, 6, 7, 8)]

    assert reminded == [0, 1, 0, 1, 1, 0]
    assert sorted(told()) == ["office@0101"] * 3 + ["station@0101"] * 3
    do(case, "keep_promise", "office", NOW + 8 * DAY, commitment="1")
    assert Event.objects.filter(stream="register:commitments", verb="promise_remind").count() == 3


def test_how_many_were_kept_counts_those_that_are_over_and_shows_the_moved_beside():
    case = promised()
    for _ in range(3):
        case = do(case, "promise", "office", **FORMS["promise"](case))
    do(case, "keep_promise", "office", NOW + DAY, commitment="1")
    do(case, "move_promise", "office", NOW + DAY, **FORMS["move_promise"](case) | {"commitment": "2"})
    rows = commitments.listed(viewer.of(person("office")), "", "", date(2026, 3, 11))

    (one,) = commitments.records(rows, date(2026, 3, 11))

    assert (one.code, one.record) == ("01", Record(open=1, moved=1, kept=1, over=3))
    assert (one.record.rate, Record(1, 0, 0, 0).rate) == (1 / 3, None)


def test_the_bulletin_says_what_is_due_next_what_is_broken_and_who_calls_again():
    case = promised()
    do(case, "promise", "agent", promise="客户张三丰的电表", promised_on="2026-03-04")
    event, later = repeated(), NOW + DAY
    wanted = publish.Wanted("commitments", "2026-W10", "01", "zh-hans")
    row = publish.queue(wanted=wanted, actor=actor("office"), now=later)

    assert jobs.next_one(later + MINUTE, "w") == 1

    row = Publication.objects.get(pk=row.pk)
    book = CalamineWorkbook.from_path(str(publish.folder() / f"{row.sha256}.xlsx"))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    company = "溯源市供电公司"
    assert sheets["各单位兑现"][1:] == [[company, 1.0, 0.0, 0.0, 1.0, 0.0]]
    assert sheets["下周到期"][1:] == [[case.number, company, "换表后补退电费", "2026-03-10", 0.0]]
    assert [line[:2] + line[3:] for line in sheets["已过期未兑现"][1:]] == [
        [case.number, company, "2026-03-04", 1.0]
    ]
    assert sheets["重复来电"][1:] == [[event.first.number, company, 3.0, "2026-03-04"]]
