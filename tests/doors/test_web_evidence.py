"""Evidence in the browser: added file by file, looked at for a purpose, served whole or in parts."""

import hashlib
import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from suyuan.store.models import Attachment, Event
from tests.evidence_files import PHOTO, add, pdf, picture, sound
from tests.factories import case_at, person

pytestmark = pytest.mark.django_db
SOUND = sound(30)
DIGEST = hashlib.sha256(SOUND).hexdigest()


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Keep each test's bytes apart."""
    monkeypatch.setattr(settings, "ATTACHMENTS", tmp_path / "attachments")


def signed_in(role: str, **at: str) -> Client:
    """Return a client signed in as a person with ``role``."""
    client = Client()
    client.force_login(person(role, **at))
    return client


def handed(content: bytes, name: str, media: str = "application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=media)


def opened(case, role: str = "station", purpose: str = "handling") -> Client:
    """Return a client that has said what it looks at the evidence of a case for."""
    client = signed_in(role)
    answer = client.post(f"/case/{case.number}/evidence/open/", {"purpose": purpose})
    assert answer.status_code == 302
    return client


def looks(case) -> list[tuple[str, str, str]]:
    """Return every look at the evidence of a case: who, what, for what."""
    rows = Event.objects.filter(stream=f"evidence:{case.number}").order_by("seq")
    return [(one.actor, one.verb, one.detail["purpose"]) for one in rows]


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_several_files_are_taken_one_by_one_and_the_bad_one_is_named_beside_its_reason():
    case = case_at("handling")
    files = [handed(PHOTO, "表.jpg", "image/jpeg"), handed(b"<script>", "页.html"), handed(SOUND, "问.wav")]

    answer = signed_in("station").post(f"/case/{case.number}/attach/", {"made_by": "staff", "file": files})

    assert answer.status_code == 422
    assert "页.html: 网页、SVG、XML 不能作为证据" in answer.content.decode()
    kept = case.attachments.order_by("pk").values_list("name", "kind")
    assert list(kept) == [("表.jpg", "photo"), ("问.wav", "recording")]


def test_the_script_gets_an_answer_for_each_file():
    case = case_at("handling")
    post = {"made_by": "staff", "evidence_kind": "photo", "file": [handed(SOUND, "a.wav")]}

    answer = signed_in("station").post(
        f"/case/{case.number}/attach/", post, headers={"accept": "application/json"}
    )

    told = {"name": "a.wav", "sha256": "", "problem": "文件类型与证据类别不符"}
    assert (answer.status_code, answer.json()) == (422, {"files": [told]})


def test_a_good_file_leads_to_the_evidence_of_the_case():
    case = case_at("handling")
    post = {"made_by": "customer", "claimed_at": "2026-03-03T09:00", "file": [handed(PHOTO, "a.jpg")]}

    answer = signed_in("station").post(f"/case/{case.number}/attach/", post)

    assert (answer.status_code, answer["Location"]) == (302, f"/case/{case.number}/evidence/")
    assert case.attachments.get().claimed_at.isoformat() == "2026-03-03T01:00:00+00:00"


@pytest.mark.parametrize("missing", [{}, {"made_by": "staff", "claimed_at": "yesterday"}])
def test_what_is_said_of_a_file_is_checked(missing):
    case = case_at("handling")

    answer = signed_in("station").post(
        f"/case/{case.number}/attach/", {"file": [handed(PHOTO, "a.jpg")], **missing}
    )

    assert answer.status_code == 422
    assert "a.jpg: " in answer.content.decode()
    assert case.attachments.count() == 0


def test_names_and_pictures_show_only_once_a_purpose_is_given():
    case = case_at("handling")
    digest = add(case, name="李大明13912345678.jpg")
    client = signed_in("station")
    address = f"/case/{case.number}/evidence/"

    before = client.get(address).content.decode()
    client.post(f"{address}open/", {"purpose": "handling"})
    after = client.get(address).content.decode()

    assert ("13912345678" in before, "/small/" in before, "先说明用途" in before) == (False, False, True)
    assert ("13912345678" in after, f"{digest}/small/" in after, "先说明用途" in after) == (True, True, False)
    assert looks(case) == [("station", "evidence_open", "handling")]


def test_a_purpose_must_be_one_of_the_list():
    case = case_at("handling")

    answer = signed_in("station").post(f"/case/{case.number}/evidence/open/", {"purpose": "curiosity"})

    assert (answer.status_code, looks(case)) == (422, [])


def test_without_a_purpose_no_byte_leaves():
    case = case_at("handling")
    digest = add(case)
    client = signed_in("station")

    answers = [client.get(f"/case/{case.number}/file/{digest}/{way}") for way in ("", "view/", "small/")]

    assert [answer.status_code for answer in answers] == [302, 302, 409]
    assert [answer.get("Location") for answer in answers[:2]] == [f"/case/{case.number}/evidence/"] * 2
    assert looks(case) == []


def test_a_purpose_for_one_case_opens_no_other():
    case, other = case_at("handling"), case_at("handling")
    digest = add(other)

    answer = opened(case).get(f"/case/{other.number}/file/{digest}/")

    assert answer.status_code == 302


def test_an_original_comes_back_as_a_download_never_as_a_page():
    case = case_at("handling")
    digest = add(case, pdf(), name='现场"照片.pdf')

    answer = opened(case).get(f"/case/{case.number}/file/{digest}/")

    assert body(answer) == pdf()
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert answer["Cache-Control"] == "private, no-store"
    assert looks(case)[1:] == [("station", "evidence_download", "handling")]


def test_a_paper_is_not_shown_in_the_page():
    case = case_at("handling")
    digest = add(case, pdf(), name="a.pdf")

    client = opened(case)

    assert client.get(f"/case/{case.number}/file/{digest}/view/").status_code == 409
    assert client.get(f"/case/{case.number}/file/{digest}/small/").status_code == 409


RANGES = [
    ("", 200, slice(None)),
    ("bytes=0-", 206, slice(None)),
    ("bytes=0-0", 206, slice(0, 1)),
    ("bytes=70000-140000", 206, slice(70000, 140001)),
    ("bytes=-100", 206, slice(-100, None)),
    ("bytes=-999999999", 206, slice(None)),
    ("bytes=5-999999999", 206, slice(5, None)),
    ("bytes=9-3", 200, slice(None)),
    ("bytes=-", 200, slice(None)),
    ("bytes=a-b", 200, slice(None)),
    ("lines=1-2", 200, slice(None)),
    ("bytes=999999999-", 416, None),
    ("bytes=-0", 416, None),
    ("bytes=0-1,5-6", 416, None),
    ("bytes=" + "9" * 5000 + "-", 200, slice(None)),
]


@pytest.mark.parametrize(("wanted", "status", "part"), RANGES, ids=[one[0][:24] or "none" for one in RANGES])
def test_a_range_is_answered_as_the_rules_of_http_say(wanted, status, part):
    case = case_at("handling")
    add(case, SOUND, name="a.wav")
    client = opened(case)

    answer = client.get(
        f"/case/{case.number}/file/{DIGEST}/view/", headers={"range": wanted} if wanted else {}
    )

    assert answer.status_code == status
    if part is None:
        assert (answer["Content-Range"], answer.content) == (f"bytes */{len(SOUND)}", b"")
        return
    assert body(answer) == SOUND[part]
    assert answer["Content-Length"] == str(len(SOUND[part]))
    if status == 206:
        first, behind, _ = part.indices(len(SOUND))
        assert answer["Content-Range"] == f"bytes {first}-{behind - 1}/{len(SOUND)}"


def test_a_range_of_another_content_gets_the_whole():
    case = case_at("handling")
    add(case, SOUND, name="a.wav")
    client = opened(case)
    etag = client.get(f"/case/{case.number}/file/{DIGEST}/view/")["ETag"]

    same, other = (
        client.get(
            f"/case/{case.number}/file/{DIGEST}/view/", headers={"range": "bytes=0-9", "if-range": tag}
        )
        for tag in (etag, '"other"')
    )

    assert (same.status_code, len(body(same))) == (206, 10)
    assert (other.status_code, len(body(other))) == (200, len(SOUND))


def test_a_player_that_fetches_in_parts_looks_once_and_a_download_each_time():
    case = case_at("handling")
    add(case, SOUND, name="a.wav")
    client = opened(case)
    address = f"/case/{case.number}/file/{DIGEST}/"

    for start in (0, 70_000, 140_000):
        body(client.get(f"{address}view/", headers={"range": f"bytes={start}-"}))
    for _ in range(2):
        body(client.get(address))

    assert [verb for _, verb, _ in looks(case)[1:]] == [
        "evidence_play",
        "evidence_download",
        "evidence_download",
    ]


def test_bytes_that_were_changed_are_refused_in_words():
    case = case_at("handling")
    add(case, SOUND, name="a.wav")
    path = settings.ATTACHMENTS / DIGEST[:2] / DIGEST[2:]
    kept = path.read_bytes()
    path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))

    answer = opened(case).get(f"/case/{case.number}/file/{DIGEST}/", headers={"range": "bytes=-5"})

    assert answer.status_code == 409
    assert "证据文件已损坏或被改动" in answer.content.decode()


def test_each_small_picture_is_a_look_once_and_names_its_file():
    case = case_at("handling")
    digests = [add(case, picture("JPEG", (64, 32 + n))) for n in range(2)]
    client = opened(case)
    for digest in (*digests, digests[0]):
        assert client.get(f"/case/{case.number}/file/{digest}/small/").status_code == 200

    seen = Event.objects.filter(stream=f"evidence:{case.number}", verb="evidence_small").order_by("seq")
    assert [(one.actor, one.detail, dict(one.objects_json)["file"]) for one in seen] == [
        ("station", {"purpose": "handling"}, digest) for digest in digests
    ]


def test_a_small_picture_is_turned_as_it_was_taken_and_says_nothing_of_the_camera():
    from PIL import Image

    case = case_at("handling")
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Secret Camera"
    digest = add(case, picture("JPEG", (640, 320), exif=exif, comment=b"where it was taken"))

    client = opened(case)
    first, second = (client.get(f"/case/{case.number}/file/{digest}/small/") for _ in range(2))

    import io

    with Image.open(io.BytesIO(first.content)) as shown:
        assert (shown.size, shown.getexif(), shown.info.get("comment")) == ((160, 320), {}, None)
        red, blue = shown.getpixel((80, 40)), shown.getpixel((80, 280))
    assert (red[0] > 200 > red[2], blue[2] > 200 > blue[0]) == (True, True)
    assert first.content == second.content
    assert b"Secret" not in first.content
    assert first["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("role", "state"), [("party", 403), ("admin", 403), ("audit", 302), ("marketing", 302)]
)
def test_who_needs_no_evidence_sees_none(role, state):
    case = case_at("handling")
    digest = add(case)
    client = signed_in(role)

    page = client.get(f"/case/{case.number}/evidence/").content.decode()
    answer = client.post(f"/case/{case.number}/evidence/open/", {"purpose": "audit"})

    assert (answer.status_code in (302,), digest in page) == (state == 302, state == 302)


ACCUSED = ("station", "office", "marketing", "operations", "lead", "agent")


@pytest.mark.parametrize("role", ACCUSED)
def test_the_accused_unit_sees_nothing_of_a_restricted_case(role):
    case = case_at("handling", "report")
    digest = add(case, by="audit")
    client = signed_in(role)
    base = f"/case/{case.number}"

    answers = [
        client.get(f"{base}/{way}") for way in ("evidence/", f"file/{digest}/", f"file/{digest}/small/")
    ]
    answers += [client.post(f"{base}/evidence/open/", {"purpose": "audit"})]
    answers += [client.post(f"{base}/evidence/{digest}/withdraw/", {"reason": "wrong_file"})]
    export = client.post(f"{base}/evidence/export/", {"purpose": "audit"})

    assert [answer.status_code for answer in answers] == [404] * 5
    assert export.status_code == (404 if role == "office" else 403)
    assert not Event.objects.filter(stream=f"evidence:{case.number}").exists()


def test_a_piece_is_reached_only_through_its_own_case():
    case, other = case_at("handling"), case_at("handling")
    digest = add(case)

    assert opened(other).get(f"/case/{other.number}/file/{digest}/").status_code == 404


def test_a_withdrawn_piece_stays_listed_and_only_those_who_answer_see_it():
    case = case_at("handling")
    digest = add(case)
    station = opened(case)
    station.post(f"/case/{case.number}/evidence/{digest}/withdraw/", {"reason": "wrong_file"})

    page = station.get(f"/case/{case.number}/evidence/").content.decode()

    assert "已撤回：传错文件" in page
    assert station.get(f"/case/{case.number}/file/{digest}/").status_code == 409
    assert opened(case, "office").get(f"/case/{case.number}/file/{digest}/").status_code == 200


def test_an_unknown_verb_is_bad_input():
    case = case_at("handling")
    digest = add(case)

    assert opened(case).post(f"/case/{case.number}/evidence/{digest}/prepare/").status_code == 422
    assert Attachment.objects.get().withdrawn_at is None


def test_the_custody_is_told_newest_first_with_purpose_and_code():
    case = case_at("handling")
    digest = add(case)
    client = opened(case, "office", "review")
    body(client.get(f"/case/{case.number}/file/{digest}/"))
    body(client.post(f"/case/{case.number}/evidence/export/", {"purpose": "regulator"}))

    page = client.get(f"/case/{case.number}/evidence/")

    told = [(str(step.who), step.what, step.why) for step in page.context["custody"]]
    assert told == [
        ("office", "导出证据包", "报送监管部门"),
        ("office", "下载证据", "审核复核"),
        ("office", "打开证据", "审核复核"),
        ("station", "上传证据", ""),
    ]
    assert re.search(r"校验码 [0-9a-f]{64}", page.content.decode())


def test_the_page_asks_the_database_as_often_for_three_as_for_one():
    counts = []
    for number in (1, 3):
        case = case_at("handling")
        for place in range(number):
            add(case, picture(comment=b"%d" % place), name=f"{place}.jpg")
        client = opened(case)
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/case/{case.number}/evidence/")
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 12  # one of them asks for the names
