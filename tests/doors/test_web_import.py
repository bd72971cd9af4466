"""Importing in the browser: handed in, understood, put right, read, summed up; bad files say why in place."""

import gzip
import re
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.utils import timezone

from suyuan.actions import work
from suyuan.config.home import home
from suyuan.jobs import loop
from suyuan.store import presence
from suyuan.store.models import Case, ImportRun, Unit
from tests.factories import person, unit

pytestmark = pytest.mark.django_db(transaction=True)

HEADS = "工单编号,业务类型,受理时间,受理内容,供电单位,回单时间,是否属实,回访满意度"
ODD = "单子号,诉求类型,来电受理日期,诉求内容描述,责任单位,答复完成时间,属实与否,满意情况"
ROWS = [
    f"20251001{n:06d},投诉,2025-10-0{n % 9 + 1} 08:30:00,客户反映长期不抄表13800138000,东城供电所,"
    f"2025-10-1{n % 9} 10:00,属实,满意"
    for n in range(12)
]
BAD = ROWS[3].replace("2025-10-04", "某天")


def signed_in(role: str = "admin") -> Client:
    """Return a client signed in as a person with ``role``."""
    client = Client()
    client.force_login(person(role))
    return client


def hand_in(client: Client, content: str | bytes, name: str = "orders.csv"):
    """Hand a file in and return the page it leads to."""
    raw = content.encode() if isinstance(content, str) else content
    return client.post("/import/upload/", {"file": SimpleUploadedFile(name, raw)}, follow=True)


def table(head: str, rows: list[str]) -> str:
    """Return the text of a table file."""
    return "\n".join([head, *rows]) + "\n"


def test_a_known_file_is_recognised_previewed_and_read() -> None:
    client = signed_in()
    page = hand_in(client, table(HEADS, [*ROWS, BAD]))
    token = page.context["file"].token

    started = client.post(
        f"/import/file/{token}/start/", {"layout": page.context["found"].layout.name}, follow=True
    )
    waiting = started.content.decode()
    loop.work(threading.Event(), rounds=1)
    done = client.get(started.redirect_chain[-1][0]).content.decode()

    assert (page.context["found"].layout.name, page.context["faulty"]) == ("office_95598", 1)
    assert "日期无法识别" in page.content.decode()
    assert 'http-equiv="refresh"' in waiting
    assert 'http-equiv="refresh"' not in done
    assert "读入 13 行：接收 12，重复 0，隔离 1。" in done
    assert Case.objects.count() == 12


def test_the_page_says_that_the_worker_has_gone_and_where_it_goes_on() -> None:
    client = signed_in()
    token = hand_in(client, table(HEADS, ROWS)).context["file"].token
    client.post(f"/import/file/{token}/start/", {"layout": "office_95598"})
    run = work.claim(kind="import", holder=presence.name(), now=timezone.now())
    ImportRun.objects.update(read=7)

    reading = client.get(f"/import/runs/{run.pk}/").content.decode()
    left = home() / presence.FOLDER / run.holder.replace(":", "~")
    left.parent.mkdir(exist_ok=True)
    left.touch()
    gone = client.get(f"/import/runs/{run.pk}/").content.decode()
    listed = client.get("/worker/").content.decode()
    left.unlink()

    assert ("正在导入，已读 7 行" in reading, "后台进程已经不在了" in reading) == (True, False)
    assert ("正在导入" in gone, "已读的 7 行都在；一有后台进程运行，就从这里接着读" in gone) == (False, True)
    assert "进程已不在" in listed


def test_the_rows_not_taken_can_be_fetched() -> None:
    client = signed_in()
    token = hand_in(client, table(HEADS, [*ROWS, BAD])).context["file"].token
    client.post(f"/import/file/{token}/start/", {"layout": "office_95598"})
    loop.work(threading.Event(), rounds=1)
    run = ImportRun.objects.get()

    answer = client.get(f"/import/runs/{run.pk}/quarantine/")

    assert "bad_date" in b"".join(answer.streaming_content).decode("utf-8-sig")


def test_the_preview_masks_telephone_numbers() -> None:
    text = hand_in(signed_in(), table(HEADS, ROWS)).content.decode()

    assert "13800138000" not in text
    assert "138****" in text


def test_an_unknown_file_is_mapped_by_a_person_and_known_next_time() -> None:
    client = signed_in()
    page = hand_in(client, table(ODD, ROWS))
    found = page.context["found"]
    chosen = {f"field.{guess.field}": guess.header for guess in found.mapping}

    saved = client.post(
        f"/import/file/{page.context['file'].token}/layout/", {**chosen, "name": "城东办"}, follow=True
    )
    again = hand_in(client, table(ODD, ROWS))

    assert not found.known
    assert (saved.context["found"].known, saved.context["faulty"]) == (True, 0)
    assert again.context["found"].layout.name == "城东办"
    (home() / "layouts" / "城东办.toml").unlink()


def test_what_was_chosen_and_not_looked_at_is_shown_before_anything_is_imported() -> None:
    client = signed_in()
    page = hand_in(client, table(HEADS, ROWS))
    at, heads = page.redirect_chain[-1][0], page.context["headers"]
    sent = {f"field.{line.field}": line.header for line in page.context["lines"]}
    sent |= {"seen": "office_95598", "layout": "office_95598", "name": "我的"}

    changed = client.post(f"{at}start/", sent | {"field.text": heads[0]})
    other = client.post(f"{at}start/", sent | {"layout": "suyuan"})
    before = ImportRun.objects.count()
    same = client.post(f"{at}start/", sent)

    assert (changed.status_code, "列的对应改过" in changed.context["wrong"]["name"]) == (422, True)
    kept = {line.field: line.header for line in changed.context["lines"]}
    assert (kept["text"], 'value="我的"' in changed.content.decode()) == (heads[0], True)
    assert (other.url, before, ImportRun.objects.count()) == (f"{at}?layout=suyuan", 0, 1)
    assert same.url == f"/import/runs/{ImportRun.objects.get().pk}/"


@pytest.mark.parametrize(
    ("name", "words"),
    [("office_95598", "自带模板"), ("../up", "名字只用"), ("", "名字只用")],
    ids=["a shipped name", "a path", "no name"],
)
def test_a_layout_is_not_kept_under_such_a_name(name: str, words: str) -> None:
    client = signed_in()
    page = hand_in(client, table(ODD, ROWS))
    chosen = {f"field.{guess.field}": guess.header for guess in page.context["found"].mapping}

    answer = client.post(f"/import/file/{page.context['file'].token}/layout/", {**chosen, "name": name})

    assert (answer.status_code, words in answer.context["wrong"]["name"]) == (422, True)


def test_what_the_file_lacks_names_the_measures_it_disables() -> None:
    page = hand_in(signed_in(), table(HEADS, ROWS))

    assert [measure for measure, _ in page.context["disabled"]] == [
        "登记率",
        "结案率",
        "故障到达现场兑现率",
        "修后复发率",
        "重复来电率",
    ]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.csv"),
        (b"PK\x03\x04 cut off", "cut.zip"),
        (b"%PDF-1.4 not a table at all", "orders.csv"),
        (b"MZ", "orders.exe"),
    ],
    ids=["empty", "truncated", "not a table", "not a table's name"],
)
def test_a_bad_file_says_why_in_place(content: bytes, name: str) -> None:
    answer = hand_in(signed_in(), content, name)

    assert answer.status_code == 422
    assert re.search(r'role="alert" id="file-problem">.*[一-鿿]', answer.content.decode(), re.DOTALL)
    assert ImportRun.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"MZ", "orders.exe", "不支持的文件格式（可用格式 .xlsx, .xls, .xlsm, .csv, .tsv, .txt, .gz, .zip）"),
        (b"%PDF-1.4 no table", "orders.csv", "文件不是表格（实为 PDF 文件）"),
        (
            "编号,受理内容\n1,客户反映停电\n".encode() + "2,客户反映频繁停电\n".encode("gbk"),
            "orders.csv",
            "编码混杂（行 3）",
        ),
        (gzip.compress(b"1,2\n" * 20_000_000), "orders.csv.gz", "压缩包异常膨胀"),
    ],
    ids=["not a table's name", "a pdf", "two encodings", "a bomb"],
)
def test_what_is_wrong_with_a_file_is_said_in_words_alone(content: bytes, name: str, says: str) -> None:
    text = hand_in(signed_in(), content, name).content.decode()

    told = re.search(r'id="file-problem">.*?</svg>(.*?)</div>', text, re.DOTALL)
    assert told is not None
    assert told[1].strip() == says


def test_only_the_column_that_is_missing_is_asked_for() -> None:
    heads, row = "工单编号,业务类型,受理内容,供电单位", "1,投诉,停电,东城供电所"

    page = hand_in(signed_in(), table(heads, [row]))

    assert page.context["needed"] == ["受理时间"]
    assert "请在下面指定：受理时间。" in page.content.decode()


def test_an_import_that_is_not_there_is_called_an_import() -> None:
    answers = [signed_in().get(f"/import/runs/77/{page}") for page in ("", "quarantine/")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert all("unknown_run" in answer.content.decode() for answer in answers)
    assert "没有这张工单" not in answers[0].content.decode()


def test_no_file_says_so() -> None:
    assert "请先选择文件" in signed_in().post("/import/upload/").content.decode()


@override_settings(UPLOAD_LIMIT=100)
def test_a_file_over_the_limit_is_refused() -> None:
    answer = hand_in(signed_in(), table(HEADS, ROWS))

    assert answer.status_code == 422
    assert "文件过大" in answer.content.decode()


def test_only_who_may_import_sees_the_form_and_the_files() -> None:
    token = hand_in(signed_in(), table(HEADS, ROWS)).context["file"].token
    station, office = signed_in("station"), signed_in("office")

    assert station.get("/import/").status_code == 403
    assert hand_in(station, table(HEADS, ROWS)).status_code == 403
    assert station.get(f"/import/file/{token}/").status_code == 403
    assert office.get(f"/import/file/{token}/").status_code == 404
    assert office.get("/import/file/../../etc/passwd/").status_code == 404


def test_an_upload_without_its_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("admin"))

    assert hand_in(client, table(HEADS, ROWS)).status_code == 403


def test_units_that_are_not_in_the_register_are_named_before_the_file_is_read() -> None:
    unit("0101")

    client = signed_in()
    many = [row.replace("东城供电所", "天南所") for row in ROWS] * 3 + ["合计" + "," * 7]

    page = hand_in(client, table(HEADS, many))
    lacking, at = page.context["lacking"], page.redirect_chain[-1][0]

    assert (lacking.units, lacking.all, "照这样导入，一行也不会接收" in page.content.decode()) == (
        *((("天南所", 36),), True, True),
    )
    assert client.post(f"{at}start/", {"layout": page.context["found"].layout.name}).status_code == 409
    Unit.objects.filter(code="0101").update(former_names=["天南所"])
    assert client.get(at).context["lacking"].units == ()


def test_all_units_of_a_file_are_named_with_their_rows_beyond_those_shown() -> None:
    unit("0101")
    rows = [*ROWS * 2, ROWS[0].replace("东城供电所", "海角所")]

    lacking = hand_in(signed_in(), table(HEADS, rows)).context["lacking"]

    assert (lacking.units, lacking.all, lacking.rows) == ((("海角所", 1),), False, 1)


def test_a_note_of_the_import_is_said_in_words() -> None:
    row = ImportRun.objects.create(
        name="a.csv",
        layout="boston_311",
        state="done",
        by="admin",
        started_at=timezone.now(),
        notes={"flag_blank": {"count": 50, "rows": list(range(50))}},
    )

    text = signed_in().get(f"/import/runs/{row.pk}/").content.decode()

    assert "有时限但按时标志为空" in text
    assert "8, 9…" in text


def test_an_order_of_unknown_type_is_closed_by_its_answer_and_so_closure_is_counted() -> None:
    row = "A1,市民甲,小区停电,2019/9/28 10:23:18,小区每周停电,已答复,2019/10/8 10:00:00"

    page = hand_in(
        signed_in(), table("留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,答复时间", [row])
    )

    assert "结案率" not in [measure for measure, _ in page.context["disabled"]]
