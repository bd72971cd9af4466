"""Every command as a user starts it: a process of its own, Django not yet set up."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests import ready

COMMANDS = (
    ("procedure", "show", "complaint", "--json"),
    ("procedures", "migrate", "--dry-run", "--json"),
    ("rules", "show", "complaint.answer"),
    ("due", "--limit", "complaint.answer", "--start", "2025-09-26T16:30", "--json"),
    ("board", "--json"),
    ("doctor", "--json"),
    ("audit", "verify", "--json"),
    ("schema", "due"),
    ("work", "--once"),
    ("text", "remask", "--json"),
    ("export", "out.csv", "--json"),
)


def started(arguments: tuple[str, ...], home, **set_: str) -> subprocess.CompletedProcess[str]:
    """Run ``suyuan`` in a process of its own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SUYUAN", "DJANGO"))}
    code = "from suyuan.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=home,
        env=kept | {"SUYUAN_HOME": str(home / "var")} | set_,
    )


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """Return the place of a first command, which made in its home what it found missing."""
    place = tmp_path_factory.mktemp("first")
    ready.home(place / "var")
    done = started(("org", "list", "--json"), place)
    assert (done.returncode, done.stderr) == (0, "")
    return place


@pytest.fixture
def place(first, tmp_path):
    """Return a place with a home that is ready: to make a database costs more than the command."""
    shutil.copytree(first / "var", tmp_path / "var")
    return tmp_path


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_command_started_by_itself_answers(arguments, place):
    done = started(arguments, place)

    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr


def test_bad_input_of_a_command_started_by_itself_is_exit_2_and_one_line(place):
    done = started(("export", "nowhere/out.csv", "--json"), place)

    assert (done.returncode, done.stdout) == (2, "")
    assert [line[:8] for line in done.stderr.splitlines()] == ["suyuan: "]


def test_the_doctor_names_every_variable_that_cannot_be_read(place):
    done = started(
        ("doctor", "--json"), place, SUYUAN_TLS="yes", SUYUAN_PROXIES="abc", SUYUAN_REQUIRE_MFA="king"
    )

    found = [each["text"].split()[0] for each in json.loads(done.stdout)["findings"]]
    assert (done.returncode, sorted(found)) == (1, ["SUYUAN_PROXIES", "SUYUAN_REQUIRE_MFA", "SUYUAN_TLS"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments",
    [
        ("procedure", "show", "nope", "--json"),
        ("case", "list", "--as", "nobody", "--json"),
        ("import", "no.csv", "--json"),
        ("board", "--period", "soon", "--json"),
        ("nonsense",),
    ],
    ids=" ".join,
)
def test_bad_input_is_exit_2_and_one_line(arguments, suyuan):
    code, out, said = suyuan(*arguments)

    assert (code, out) == (2, "")
    assert [line[:8] for line in said.splitlines()] == ["suyuan: "]
