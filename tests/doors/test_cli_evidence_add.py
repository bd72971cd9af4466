"""Evidence added by command: through the same checks as the page's, so that a seal needs no browser."""

import hashlib
import json

import jsonschema
import pytest
from django.conf import settings

from suyuan.cli.schema import of
from suyuan.store.models import AppealSeal
from tests.appeal_cases import SCAN, appeal_at, closed_on
from tests.factories import case_at, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Keep each test's bytes apart."""
    monkeypatch.setattr(settings, "ATTACHMENTS", tmp_path / "attachments")


def test_an_appeal_is_sealed_by_command_alone_with_a_scan_added_by_command(suyuan, tmp_path):
    case, form, page = appeal_at("sealing"), tmp_path / "form.json", tmp_path / "盖章页.pdf"
    page.write_bytes(SCAN)

    code, out, _ = suyuan("evidence", "add", case.number, str(page), "--as", "station", "--json")
    added = json.loads(out)
    form.write_text(json.dumps({"sealed_on": closed_on(case), "evidence": added["sha256"]}), "utf-8")
    sealed = suyuan("case", "do", case.number, "seal", "--as", "station", "--form", str(form), "--json")

    jsonschema.validate(added, of("evidence add"))
    assert (code, added) == (0, {"number": case.number, "sha256": hashlib.sha256(SCAN).hexdigest()})
    assert (sealed[0], AppealSeal.objects.get().scan) == (0, added["sha256"])


@pytest.mark.parametrize(
    ("name", "options", "ends", "why"),
    [
        ("page.exe", (), 2, "file_type_unknown"),
        ("page.pdf", ("--kind", "recording"), 2, "kind_disagrees"),
        ("page.pdf", ("--kind", "painting"), 2, "unknown_choice"),
        ("page.pdf", ("--made-by", "nobody"), 2, "unknown_choice"),
    ],
)
def test_what_the_page_refuses_the_command_refuses(suyuan, tmp_path, name, options, ends, why):
    case, file = case_at("handling"), tmp_path / name
    file.write_bytes(SCAN)
    person("station")

    code, out, err = suyuan("evidence", "add", case.number, str(file), "--as", "station", *options, "--json")

    assert (code, out, err.split(": ")[1]) == (ends, "", why)
    assert case.attachments.count() == 0


def test_who_may_not_add_on_the_page_may_not_by_command(suyuan, tmp_path):
    case, file = case_at("handling"), tmp_path / "page.pdf"
    file.write_bytes(SCAN)
    person("party")

    code, out, _ = suyuan("evidence", "add", case.number, str(file), "--as", "party", "--json")

    assert (code, json.loads(out)["refused"], case.attachments.count()) == (1, "not_your_role", 0)
