"""A bundle of evidence: whoever receives it checks it with ten lines, and a change of any part is named."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from suyuan.actions import evidence
from suyuan.cli.shapes import EVIDENCE_EXPORT, EVIDENCE_VERIFY
from suyuan.domain.errors import BadInput, Refused
from suyuan.gateways import bundle
from suyuan.store import chain
from suyuan.store.models import Event
from tests.evidence_files import PHOTO, add, sound
from tests.factories import NOW, actor, case_at

pytestmark = pytest.mark.django_db
SCRIPT = Path(bundle.__file__).with_name("verify.txt")


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Keep each test's bytes apart."""
    monkeypatch.setattr(settings, "ATTACHMENTS", tmp_path / "attachments")


def prepared(case) -> evidence.Prepared:
    return evidence.prepare(numbers=[case.number], purpose="regulator", actor=actor("office"), now=NOW)


def full_case():
    """Return a case with a photo and a recording, one withdrawn."""
    case = case_at("handling")
    add(case, PHOTO, "../../电表 13912345678.jpg", maker="李四", device="记录仪")
    digest = add(case, sound(40), "问.wav")
    evidence.withdraw(number=case.number, sha256=digest, reason="replaced", actor=actor("office"), now=NOW)
    return case


def zipped(case, tmp_path) -> Path:
    path = tmp_path / "bundle.zip"
    path.write_bytes(b"".join(prepared(case).stream()))
    return path


def outsider(path: Path, *code: str) -> subprocess.CompletedProcess:
    """Run the script as somebody does who has nothing but the zip and Python."""
    script = path.with_name("verify.py")
    script.write_bytes(zipfile.ZipFile(path).read("verify.py"))
    return subprocess.run(
        [sys.executable, "-I", script, path, *code],
        capture_output=True,
        text=True,
        check=False,
        cwd=path.parent,
    )


def test_the_script_is_ten_lines_of_standard_library():
    lines = SCRIPT.read_text("utf-8").splitlines()

    assert len(lines) == 10
    assert lines[0].startswith("import hashlib, json, sys, zipfile")


def test_a_bundle_as_it_was_exported_holds_for_both(tmp_path):
    case = full_case()
    made = prepared(case)
    path = tmp_path / "bundle.zip"
    path.write_bytes(b"".join(made.stream()))

    found, told = bundle.check(path, made.code), outsider(path, made.code)

    events = Event.objects.filter(stream__in=[f"case:{case.number}", f"evidence:{case.number}"])
    assert (found.changed, found.files, found.events, found.manifest) == (
        (),
        2,
        events.count() - 1,
        made.code,
    )
    assert (told.returncode, told.stdout) == (0, f"OK 2 files {made.code}\n")


def test_the_manifest_says_where_each_piece_comes_from_and_where_it_has_been(tmp_path):
    case = full_case()
    with zipfile.ZipFile(zipped(case, tmp_path)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        raw = archive.read("manifest.json")
        originals = {name: archive.read(name) for name in archive.namelist() if name.startswith("files/")}

    photo, recording = manifest["files"]
    assert raw == chain.canonical(manifest)
    assert originals == {photo["path"]: PHOTO, recording["path"]: sound(40)}
    assert photo["path"] == f"files/{hashlib.sha256(PHOTO).hexdigest()}.jpg"
    assert (photo["name"], photo["maker"], photo["device"]) == ("电表 13912345678.jpg", "李四", "记录仪")
    assert (recording["withdrawn"], recording["kind"]) == ("replaced", "recording")
    last = Event.objects.filter(stream=f"case:{case.number}").order_by("-seq").first().seq
    assert recording["custody"] == [[f"case:{case.number}", last - 1], [f"case:{case.number}", last]]
    assert manifest["exported"]["by"] == "office"
    assert [each["stream"] for each in manifest["chains"]] == [
        f"case:{case.number}",
        f"evidence:{case.number}",
    ]


def test_the_same_bundle_is_the_same_bytes_and_its_code_is_in_the_chain():
    case = full_case()

    made = prepared(case)

    assert b"".join(made.stream()) == b"".join(made.stream())
    event = Event.objects.get(stream=f"evidence:{case.number}")
    assert (event.verb, event.actor, event.detail) == (
        "evidence_export",
        "office",
        {"purpose": "regulator", "manifest": made.code},
    )


def test_it_is_sent_piece_by_piece():
    case = case_at("handling")
    add(case, sound(200), "a.wav")

    sizes = [len(piece) for piece in prepared(case).stream()]

    assert (sum(sizes) > 1_500_000, max(sizes) < 300_000) == (True, True)


def rewritten(path: Path, change) -> None:
    """Write the zip again with one member changed; ``change`` gets all of them."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def resigned(members: dict[str, bytes], manifest: dict) -> None:
    """Put a manifest back with its own digest, as a forger would."""
    members["manifest.json"] = chain.canonical(manifest)
    code = hashlib.sha256(members["manifest.json"]).hexdigest()
    members["manifest.sha256"] = f"{code}  manifest.json\n".encode()


def a_file(members):
    name = next(name for name in members if name.startswith("files/"))
    members[name] = members[name][:-1] + b"!"


def a_file_gone(members):
    del members[next(name for name in members if name.startswith("files/"))]


def a_file_more(members):
    members["files/planted.jpg"] = PHOTO


def the_readme(members):
    members["README.txt"] += b"!"


def the_manifest(members):
    members["manifest.json"] = members["manifest.json"].replace(b'"kind":"photo"', b'"kind":"other"')


def the_code(members):
    members["manifest.sha256"] = b"0" * 64 + b"  manifest.json\n"


def an_event(members):
    manifest = json.loads(members["manifest.json"])
    event = manifest["chains"][0]["events"][2]
    event["body"] = event["body"].replace('"actor":"', '"actor":"x')
    resigned(members, manifest)


def an_event_gone(members):
    manifest = json.loads(members["manifest.json"])
    del manifest["chains"][0]["events"][2]
    resigned(members, manifest)


def a_file_and_its_line(members):
    manifest = json.loads(members["manifest.json"])
    line = manifest["files"][0]
    members[line["path"]] = b"forged"
    line["sha256"] = hashlib.sha256(b"forged").hexdigest()
    resigned(members, manifest)


CHANGES = [a_file, a_file_gone, a_file_more, the_readme, the_manifest, the_code, an_event, an_event_gone]
CHANGES += [a_file_and_its_line]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_of_any_part_is_noticed_by_both(change, tmp_path):
    path = zipped(full_case(), tmp_path)
    rewritten(path, change)

    found, told = bundle.check(path), outsider(path)

    assert (found.changed != (), told.returncode, told.stderr[:7]) == (True, 1, "CHANGED")


def test_a_manifest_that_is_no_json_any_more_is_named_as_any_change(tmp_path):
    path = zipped(full_case(), tmp_path)
    rewritten(path, lambda members: members.update({"manifest.json": b"!" + members["manifest.json"][1:]}))

    told = outsider(path)

    assert (told.returncode, told.stderr) == (1, "CHANGED: ['manifest.json']\n")


def test_a_file_whose_own_checksum_does_not_hold_is_named_in_one_line(tmp_path):
    path = zipped(full_case(), tmp_path)
    path.write_bytes(path.read_bytes().replace(PHOTO, PHOTO[:-1] + b"!"))

    told = outsider(path)

    photo = f"files/{hashlib.sha256(PHOTO).hexdigest()}.jpg"
    assert (told.returncode, told.stderr) == (1, f"CHANGED: ['{photo}']\n")
    assert bundle.check(path).changed == ((photo, "differs"),)


def test_a_bundle_made_again_from_nothing_is_found_out_by_its_code(tmp_path):
    case = full_case()
    code = prepared(case).code
    path = zipped(case, tmp_path)

    def again(members):
        manifest = json.loads(members["manifest.json"])
        manifest["exported"]["by"] = "somebody"
        resigned(members, manifest)

    rewritten(path, again)

    assert (bundle.check(path).changed, bundle.check(path, code).changed) == (
        (),
        (("manifest.json", "not_the_code"),),
    )
    assert (outsider(path).returncode, outsider(path, code).returncode) == (0, 1)


def test_a_changed_script_and_a_changed_fact_are_named(tmp_path):
    path = zipped(full_case(), tmp_path)

    def change(members):
        manifest = json.loads(members["manifest.json"])
        manifest["files"][0]["made_by"] = "customer"
        members["verify.py"] = b"print('OK')\n"
        manifest["parts"]["verify.py"] = hashlib.sha256(members["verify.py"]).hexdigest()
        resigned(members, manifest)

    rewritten(path, change)

    photo = f"files/{hashlib.sha256(PHOTO).hexdigest()}.jpg"
    assert bundle.check(path).changed == (("verify.py", "differs"), (photo, "made_by differs"))


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_bundle_is_bad_input(content, tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(content)

    with pytest.raises(BadInput) as wrong:
        bundle.check(path)

    assert wrong.value.code == "not_a_bundle"


@given_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["format", "files", "chains", "parts", "exported", "path"]), inner, max_size=5
            )
        ),
    )
)
def test_any_manifest_is_checked_or_refused(manifest):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "manifest.json",
            json.dumps({"format": bundle.FORMAT} | manifest if isinstance(manifest, dict) else manifest),
        )

    with pytest.raises(BadInput) as wrong:
        bundle.check(Named(out.getvalue()))

    assert wrong.value.code == "not_a_bundle"


class Named(io.BytesIO):
    """Bytes that have a name, as a path has."""

    name = "bundle.zip"


def test_damaged_bytes_stop_the_export_instead_of_leaving_in_it():
    case = case_at("handling")
    digest = add(case)
    made = prepared(case)
    path = settings.ATTACHMENTS / digest[:2] / digest[2:]
    kept = path.read_bytes()
    path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))

    with pytest.raises(Refused) as refused:
        b"".join(made.stream())

    assert refused.value.code == "file_damaged"


def test_the_commands_write_and_check_a_bundle(suyuan, tmp_path):
    import jsonschema

    case = full_case()
    out = tmp_path / "out.zip"

    code, written, _ = suyuan("evidence", "export", case.number, "--out", out, "--as", "office", "--json")
    made = json.loads(written)
    checked = suyuan("evidence", "verify", out, "--code", made["code"], "--json")
    refused = suyuan("evidence", "verify", out, "--code", "0" * 64, "--json")

    jsonschema.validate(made, EVIDENCE_EXPORT)
    jsonschema.validate(json.loads(checked[1]), EVIDENCE_VERIFY)
    assert (code, made["files"], made["cases"], out.stat().st_mode & 0o777) == (0, 2, 1, 0o600)
    assert json.loads(checked[1])["by"] == "office"
    assert (refused[0], json.loads(refused[1])["refused"]) == (1, "bundle_changed")


@pytest.mark.parametrize(
    ("by", "purpose", "code", "word"),
    [
        ("station", "review", 1, "not_your_role"),
        ("office", "curiosity", 2, "unknown_choice"),
        ("nobody", "review", 2, "unknown_person"),
    ],
)
def test_an_export_that_is_not_allowed_leaves_no_file(suyuan, tmp_path, by, purpose, code, word):
    case = full_case()
    out = tmp_path / "out.zip"

    done = suyuan("evidence", "export", case.number, "--out", out, "--as", by, "--purpose", purpose, "--json")

    assert (done[0], word in done[1] + done[2]) == (code, True)
    assert (out.exists(), Event.objects.filter(verb="evidence_export").exists()) == (False, False)
