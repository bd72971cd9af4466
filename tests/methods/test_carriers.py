"""Each carrier against a real thing on this machine: what it hands over, and how each way to fail is told."""

import logging

import pytest

from suyuan.gateways.carriers import GatewayError, Letter, Outcome
from suyuan.gateways.carriers.apprise import Chat, is_target
from suyuan.gateways.carriers.fakes import far
from suyuan.gateways.carriers.fakes.robot import Robot
from suyuan.gateways.carriers.fakes.smtp import PostOffice
from suyuan.gateways.carriers.file import FileDrop
from suyuan.gateways.carriers.mail import Mail

WANG = Letter("k1", ("wang@example.com",), "时限预警 W1", "工单 W1：到期。")
LI = Letter("k2", ("li@example.com", "zhao@example.com"), "工单动态", "工单 W2：催办。")


@pytest.fixture
def mail(settings):
    """Send through Django's SMTP backend, which tests replace, to a post office; return what it says."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_HOST_USER = "127.0.0.1", ""

    def send(office: PostOffice, *letters: Letter) -> list[Outcome]:
        settings.EMAIL_PORT = office.port
        return Mail("溯源 <suyuan@example.com>", 5).send(letters)

    return send


def test_mail_reaches_every_address_and_shows_none_to_the_other(mail):
    with PostOffice() as office:
        outcomes = mail(office, WANG, LI)

    assert [each.taken for each in outcomes] == [True, True]
    assert [to for to, _ in office.letters] == [["wang@example.com"], ["li@example.com", "zhao@example.com"]]
    head = office.letters[1][1].partition("\n\n")[0]
    assert "example.com" not in head.replace("suyuan@example.com", "").replace("@example.com>", "")
    assert outcomes[1].reference in head


def test_the_same_message_has_the_same_mark_at_every_attempt(mail):
    with PostOffice() as office:
        first, second = mail(office, WANG), mail(office, WANG)

    assert first[0].reference == second[0].reference


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (550, Outcome("k1", problem="smtp_550", permanent=True)),
        (450, Outcome("k1", problem="smtp_450")),
    ],
)
def test_what_the_mail_server_says_decides_whether_trying_again_can_help(mail, code, outcome):
    with PostOffice({"wang@example.com": code}) as office:
        outcomes = mail(office, WANG, LI)

    assert (outcomes[0], outcomes[1].taken) == (outcome, True)


def test_no_mail_server_leaves_every_letter_to_be_tried_again(mail):
    with PostOffice() as office:
        pass

    assert mail(office, WANG, LI) == [
        Outcome("k1", problem="no_connection"),
        Outcome("k2", problem="no_connection"),
    ]


def test_a_subject_that_would_be_two_headers_is_one_line(mail):
    with PostOffice() as office:
        mail(office, Letter("k1", ("wang@example.com",), "a\r\nBcc: evil@example.com", "b"))

    assert [to for to, _ in office.letters] == [["wang@example.com"]]


def test_robots_are_told_and_one_that_refuses_is_tried_again():
    with Robot() as robot, Robot(status=500) as broken:
        good = Letter("k1", (robot.target("t0ken"),), "催办", "工单 W1")
        bad = Letter("k2", (robot.target("t0ken"), broken.target("t0ken")), "催办", "工单 W2")

        outcomes = Chat(5).send([good, bad])

    assert outcomes == [Outcome("k1"), Outcome("k2", problem="not_taken")]
    assert robot.heard[0] == {"path": "/t0ken", "title": "催办", "text": "工单 W1"}


def test_an_address_no_robot_has_is_refused_for_good():
    outcome = Chat(5).send([Letter("k1", ("pigeon://roof",), "a", "b")])

    assert outcome == [Outcome("k1", problem="bad_target", permanent=True)]
    assert (is_target("pigeon://roof"), is_target("wecombot://key")) == (False, True)


def test_no_robots_secret_reaches_a_log(caplog):
    caplog.set_level(logging.DEBUG)
    with Robot(status=500) as robot:
        Chat(5).send([Letter("k1", (robot.target("t0ken"), "pigeon://t0ken"), "a", "b")])
    Chat(1).send([Letter("k1", (robot.target("t0ken"),), "a", "b")])

    assert [record.getMessage() for record in caplog.records if "t0ken" in record.getMessage()] == []


def test_a_file_holds_the_batch_and_no_cell_is_a_formula(tmp_path):
    letters = [
        Letter("k1", ("+8613912345678",), "=cmd", "-1"),
        Letter("k2", ("station@0101",), "b", "两\n行"),
    ]

    outcomes = FileDrop(tmp_path / "out").send(letters)

    [path] = (tmp_path / "out").iterdir()
    assert {each.reference for each in outcomes} == {path.name}
    assert path.read_text("utf-8-sig").splitlines()[1] == "k1,'+8613912345678,'=cmd,'-1"
    assert oct(path.stat().st_mode)[-3:] == "600"
    rows = far.collect(tmp_path / "out")
    assert [(row["key"], row["to"], row["text"]) for row in rows] == [
        ("k1", "+8613912345678", "-1"),
        ("k2", "station@0101", "两\n行"),
    ]


def test_the_same_batch_handed_over_again_is_the_same_file(tmp_path):
    drop = FileDrop(tmp_path)
    first = drop.send([WANG, LI])

    again = drop.send([LI, WANG])

    assert {each.reference for each in first} == {each.reference for each in again}
    assert len(list(tmp_path.iterdir())) == 1


def test_what_a_dead_writer_left_half_written_is_no_message(tmp_path):
    (tmp_path / ".messages-x.csv.1.part").write_bytes(b"key,to")

    FileDrop(tmp_path).send([WANG])

    assert [row["key"] for row in far.collect(tmp_path)] == ["k1"]


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path):
    (tmp_path / "out").write_bytes(b"a file where the folder should be")

    with pytest.raises(GatewayError) as error:
        FileDrop(tmp_path / "out").send([WANG])

    assert error.value.permanent is False
