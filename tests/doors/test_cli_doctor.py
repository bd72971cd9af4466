"""``suyuan doctor``: every misconfiguration is named with what mends it, and a broken one is exit 1."""

import json
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest
from django.db import DatabaseError
from django.utils import timezone

from suyuan.actions import backups, signin
from suyuan.cli.doctor import database, people, place, work
from suyuan.cli.doctor import environment as surroundings
from suyuan.cli.doctor import settings as environment
from suyuan.cli.schema import of
from suyuan.config import env
from suyuan.config.home import home
from suyuan.domain.procedure import SYSTEM
from suyuan.store.models import ImportRun, Person, SignIn, Unit
from suyuan.store.queries import condition
from tests.factories import NOW, case_at, person, unit

pytestmark = pytest.mark.django_db


def said(findings) -> list[tuple[str, str]]:
    """Return level and code of what was found; every finding must say how to mend it."""
    found = list(findings)
    assert [finding.code for finding in found if not (finding.text and finding.fix)] == []
    return [(finding.level, finding.code) for finding in found]


@pytest.fixture
def doctor(suyuan, settings, monkeypatch):
    """Ask the doctor about this machine's own hosts; next year's calendar may or may not be out."""
    settings.ALLOWED_HOSTS = ["localhost"]
    for name in env.unknown():  # the tests' own
        monkeypatch.delenv(name)

    def ask():
        code, out, _ = suyuan("doctor", "--json")
        answer = json.loads(out)
        jsonschema.validate(answer, of("doctor"))
        codes = [finding["code"] for finding in answer["findings"]]
        return code, answer["ok"], [one for one in codes if one != "calendar_short"]

    return ask


def test_a_sound_installation_has_nothing_to_mend(doctor):
    assert doctor() == (0, True, [])


def test_a_broken_one_is_exit_1(doctor):
    person("agent")

    assert doctor() == (1, False, ["no_administrator"])


def test_in_words_each_finding_stands_above_its_fix(suyuan, settings):
    settings.ALLOWED_HOSTS = ["*"]

    code, out, _ = suyuan("doctor")

    assert code == 1
    assert "error: any_host: SUYUAN_HOSTS answers to any host name\n  → name the host people type" in out


def test_a_key_that_others_can_read_is_an_error(tmp_path):
    (tmp_path / "secrets/ring").mkdir(parents=True)
    (tmp_path / "secrets/ring/1").write_bytes(b"key")
    (tmp_path / "secrets/ring/1").chmod(0o644)

    found = list(place.look(tmp_path))

    assert said(found) == [("error", "secret_readable")]
    assert found[0].fix == "chmod 600 secrets/ring/1 in the home"


def test_what_an_earlier_version_kept_in_clear_is_named_with_what_to_do(tmp_path):
    (tmp_path / "demo").mkdir()
    for name in ("event_log.sqlite", "demo/calls.csv"):
        (tmp_path / name).touch()

    found = list(place.look(tmp_path))

    assert said(found) == [("error", "log_in_clear")] * 2
    assert [one.fix.split(":")[0] for one in found] == [
        "suyuan trace take event_log.sqlite, named where it lies",
        "remove it",
    ]


def test_a_home_everybody_may_write_to_is_a_warning(tmp_path):
    tmp_path.chmod(0o777)

    assert said(place.look(tmp_path)) == [("warning", "home_open")]


@pytest.mark.parametrize(
    ("home", "base", "expected"),
    [
        (0o755, 0o644, [("error", "home_readable")]),
        (0o700, 0o644, []),
        (0o755, 0o640, []),
    ],
)
def test_a_database_everybody_may_read_is_an_error(tmp_path, home, base, expected):
    (tmp_path / "suyuan.sqlite3").touch(base)
    (tmp_path / "suyuan.sqlite3").chmod(base)
    tmp_path.chmod(home)

    assert said(place.look(tmp_path)) == expected


def test_a_full_disk_is_a_warning(tmp_path, monkeypatch):
    monkeypatch.setattr(place, "FREE_BYTES", 2**60)

    assert said(place.look(tmp_path)) == [("warning", "disk_nearly_full")]


@pytest.mark.parametrize(
    ("hosts", "origins", "expected"),
    [
        (["127.0.0.1", "localhost"], [], []),
        (["95598.example"], ["https://95598.example"], []),
        (["95598.example"], [], [("warning", "no_origin")]),
        (["95598.example"], ["http://95598.example"], [("error", "origin_without_tls")]),
        (["*"], [], [("error", "any_host")]),
    ],
    ids=["this machine", "behind TLS", "no origin", "no TLS", "any host"],
)
def test_hosts_and_origins_go_together(settings, hosts, origins, expected):
    settings.ALLOWED_HOSTS, settings.CSRF_TRUSTED_ORIGINS = hosts, origins

    assert [
        one for one in said(environment.look()) if one[1] in ("no_origin", "origin_without_tls", "any_host")
    ] == expected


def test_demo_mode_with_a_host_outside_is_an_error(settings):
    settings.DEMO, settings.ALLOWED_HOSTS = True, ["95598.example"]

    assert ("error", "suyuan.E001") in said(environment.look())


def test_a_database_that_cannot_be_opened_is_named_without_a_traceback():
    def closed():
        raise DatabaseError("connection refused\nsecond line")

    found = list(database.reach(closed))

    assert said(found) == [("error", "database_unreachable")]
    assert found[0].text == "the database cannot be opened: connection refused"


def test_a_damaged_database_file_is_told_to_be_restored_and_not_a_wrong_address():
    def damaged():
        raise DatabaseError("database disk image is malformed")

    found = list(database.reach(damaged))

    assert said(found) == [("error", "database_damaged")]
    assert "docs/operate.md" in found[0].fix


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (condition.Database("postgresql", 15, "UTF8", "", NOW), []),
        (condition.Database("postgresql", 13, "UTF8", "", NOW), [("error", "postgresql_old")]),
        (condition.Database("postgresql", 15, "SQL_ASCII", "", NOW), [("error", "not_utf8")]),
        (
            condition.Database("postgresql", 15, "UTF8", "", NOW + timedelta(minutes=2)),
            [("error", "clocks_apart")],
        ),
        (condition.Database("sqlite", 3, "UTF8", "wal", None), []),
        (condition.Database("sqlite", 3, "UTF8", "delete", None), [("warning", "journal_not_wal")]),
    ],
    ids=["fine", "old", "encoding", "clock", "sqlite", "journal"],
)
def test_what_the_database_says_of_itself(monkeypatch, there, expected):
    monkeypatch.setattr(condition, "database", lambda: there)

    assert said(database.look(NOW)) == expected


def test_this_database_is_fine():
    assert said(database.look(datetime.now(UTC))) == []


def test_without_a_worker_the_missing_anchor_and_the_missing_backup_show():
    case_at("registered")
    later = NOW + timedelta(days=8)

    assert said(work.look(NOW)) == []
    assert ("error", "no_anchor") in said(work.look(later))
    assert ("warning", "no_backup") in said(work.look(later))


def test_a_backup_taken_lately_is_enough():
    case_at("registered")
    later = NOW + timedelta(days=8)
    backups.record(verb="backup", detail={}, actor=SYSTEM, now=later - timedelta(days=6))

    assert ("warning", "no_backup") not in said(work.look(later))


def waiting(**given: object) -> ImportRun:
    row = {
        "name": "a.csv",
        "path": "a.csv",
        "sha256": "0" * 64,
        "layout": "auto",
        "by": "agent",
        "started_at": NOW,
    }
    return ImportRun.objects.create(**(row | given))


def test_rows_that_no_worker_takes_up_are_an_error():
    waiting(state="queued", next_at=NOW)

    assert said(work.look(NOW + timedelta(minutes=10))) == []
    assert said(work.look(NOW + timedelta(minutes=20))) == [("error", "work_waits")]


def test_rows_set_aside_are_a_warning_that_counts_them():
    waiting(state="aside"), waiting(state="aside")

    found = list(work.look(NOW))

    assert said(found) == [("warning", "work_set_aside")]
    assert found[0].text == "ImportRun: 2 rows were given up after several attempts"


def test_units_nobody_confirmed_and_people_without_a_role():
    person("admin")
    Unit.objects.create(code="0150", name="北城所", parent=unit("01"), path="/01/0150/", provisional=True)
    Person.objects.create(username="idle", name="idle", unit=unit("01"))

    assert said(people.look(NOW)) == [("warning", "units_provisional"), ("warning", "people_without_role")]


def test_a_company_that_stands_twice_is_named_and_what_the_doctor_says_mends_it(tmp_path, suyuan):
    person("admin")
    Unit.objects.create(code="YC01", name=unit("01").name, path="/YC01/")

    found = list(people.look(NOW))

    assert said(found) == [("error", "company_twice"), ("error", "units_out_of_reach")]
    line = f"YC01,{unit('01').name},01"
    assert f"code,name,parent {line}" in found[0].fix
    file = tmp_path / "units.csv"
    file.write_text(f"code,name,parent\n{line}\n", "utf-8")
    assert suyuan("org", "load", file)[0] == 0
    assert said(people.look(NOW)) == []


def test_ten_people_of_a_demo_at_one_machine_are_no_proxy(client, settings):
    settings.DEMO = True
    for role in ("admin", "office", "agent", "leader"):
        person(role)
        client.post(f"/demo/enter/{role}/")
    settings.DEMO = False  # the doctor is asked without the variable that serves the demo

    at = timezone.now()
    assert SignIn.objects.values_list("method", "address").distinct().get() == ("card", "127.0.0.1")
    assert [each for each in said(people.look(at)) if each[1] == "proxy_unnamed"] == []


def test_a_console_open_to_others_whose_people_all_seem_to_sit_here_has_a_proxy(settings):
    settings.ALLOWED_HOSTS = ["95598.example"]
    for role in ("admin", "office", "agent"):
        place = signin.Place("k" * 32, "127.0.0.1", "", forwarded=False)
        signin.opened(person=person(role), method="password", place=place, now=NOW)

    assert [each for each in said(people.look(NOW)) if each[1] == "proxy_unnamed"] == [
        ("warning", "proxy_unnamed")
    ]


@pytest.mark.parametrize(
    ("addresses", "forwarded", "proxies", "expected"),
    [
        (["10.0.0.9"] * 3, False, 0, [("warning", "proxy_unnamed")]),
        (["10.0.0.9"] * 2, False, 0, []),
        (["127.0.0.1"] * 3, False, 0, []),
        (["127.0.0.1"], True, 0, [("warning", "proxy_unnamed")]),
        (["10.0.0.9", "10.0.0.9", "10.0.0.8"], False, 0, []),
        (["8.8.8.8"] * 3, False, 0, []),
        (["10.0.0.9"], True, 0, [("warning", "proxy_unnamed")]),
        (["10.0.0.9"] * 3, True, 1, []),
    ],
)
def test_a_proxy_that_was_not_named_is_a_warning(settings, addresses, forwarded, proxies, expected):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT, settings.ALLOWED_HOSTS = proxies, ["localhost"]
    for role, address in zip(("admin", "office", "agent"), addresses, strict=False):
        place = signin.Place("k" * 32, address, "", forwarded)
        signin.opened(person=person(role), method="password", place=place, now=NOW)

    assert [each for each in said(people.look(NOW)) if each[1] == "proxy_unnamed"] == expected
    assert "proxy_unnamed" not in [code for _, code in said(people.look(NOW + timedelta(days=8)))]


@pytest.mark.parametrize("name", ["/dev/null", "/dev/null/below"])
def test_a_home_that_cannot_be_is_one_line_and_a_finding(suyuan, monkeypatch, name):
    monkeypatch.setenv("SUYUAN_HOME", name)

    code, out, _ = suyuan("doctor", "--json")
    first = next(one for one in json.loads(out)["findings"] if one["level"] == "error")
    assert (code, first["code"]) == (1, "home_unusable")

    with pytest.raises(SystemExit) as wrong:
        home()
    assert str(wrong.value).startswith(f"SUYUAN_HOME names {name}, ")


def test_a_variable_nothing_reads_is_a_warning_with_the_one_that_was_meant(monkeypatch):
    for name in env.unknown():
        monkeypatch.delenv(name)
    monkeypatch.setenv("SUYUAN_TSL", "1")

    found = list(surroundings.unknown())

    assert said(found) == [("warning", "setting_unknown")]
    assert found[0].fix == "name it SUYUAN_TLS"


def test_a_database_of_another_make_is_refused_without_its_password(monkeypatch):
    monkeypatch.setenv("SUYUAN_DATABASE_URL", "mysql://who:secret@host/x")

    with pytest.raises(SystemExit) as wrong:
        env.scheme("SUYUAN_DATABASE_URL", ("sqlite", "postgres"))

    assert str(wrong.value).startswith(
        "SUYUAN_DATABASE_URL must begin with sqlite:// or postgres://, not mysql:"
    )
    assert "secret" not in str(wrong.value)
