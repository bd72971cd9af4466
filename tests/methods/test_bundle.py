"""The offline bundle: which wheels fit a platform, and which part of the lock is wanted there."""

import importlib.util
import zipfile

import pytest

from tests.guards.codebase import ROOT

SPEC = importlib.util.spec_from_file_location("bundle", ROOT / "scripts/bundle.py")
bundle = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(bundle)

A, B, C = ("a" * 64, "b" * 64, "c" * 64)
LOCK = f"""\
alpha==1.0 \\
    --hash=sha256:{A} \\
    --hash=sha256:{B}
    # via suyuan (pyproject.toml)
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:{C}
numpy==2.4 ; python_full_version < '3.12' \\
    --hash=sha256:{A}
numpy==2.5 ; python_full_version >= '3.12' \\
    --hash=sha256:{B}
"""


def named(platform: str, python: str) -> list[str]:
    """Return what is wanted of the lock there, without its hashes."""
    lines = bundle.wanted(LOCK, bundle.environment(platform, python)).splitlines()
    return [line.split()[0] for line in lines if "==" in line]


@pytest.mark.parametrize(
    ("platform", "python", "expected"),
    [
        ("manylinux_2_28_x86_64", "3.11", ["alpha==1.0", "numpy==2.4"]),
        ("manylinux_2_28_aarch64", "3.12", ["alpha==1.0", "numpy==2.5"]),
        ("win_amd64", "3.11", ["alpha==1.0", "colorama==0.4.6", "numpy==2.4"]),
    ],
)
def test_markers_are_decided_for_the_machine_it_is_meant_for(platform, python, expected):
    assert named(platform, python) == expected


def test_every_hash_is_kept_and_no_remark():
    assert bundle.wanted(LOCK, bundle.environment("manylinux_2_28_x86_64", "3.11")) == (
        f"alpha==1.0 \\\n    --hash=sha256:{A} \\\n    --hash=sha256:{B}\n"
        f"numpy==2.4 \\\n    --hash=sha256:{A}\n"
    )


def test_the_real_lock_is_understood_for_every_platform():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    found = {
        platform: bundle.wanted(lock, bundle.environment(platform, "3.11"))
        for platform in ("manylinux_2_28_x86_64", "manylinux_2_28_aarch64", "win_amd64")
    }

    assert {p: "\ncolorama==" in text for p, text in found.items()} == {
        "manylinux_2_28_x86_64": False,
        "manylinux_2_28_aarch64": False,
        "win_amd64": True,
    }
    assert {p: text.lower().count("\ndjango==") for p, text in found.items()} == dict.fromkeys(found, 1)
    assert [line for text in found.values() for line in text.splitlines() if ";" in line] == []


def test_a_newer_glibc_takes_wheels_of_older_ones():
    assert bundle.tags("manylinux_2_17_aarch64") == [
        "manylinux_2_17_aarch64",
        "manylinux_2_12_aarch64",
        "manylinux_2_5_aarch64",
        "manylinux2014_aarch64",
        "manylinux2010_aarch64",
        "manylinux1_aarch64",
    ]
    assert bundle.tags("win_amd64") == ["win_amd64"]


@pytest.mark.parametrize("platform", ["linux", "manylinux_2_28_riscv64", "win32", ""])
def test_a_platform_nobody_knows_is_refused(platform):
    with pytest.raises(SystemExit, match="not one of"):
        bundle.tags(platform)


def test_the_install_scripts_name_their_wheel_and_keep_their_own_braces():
    says = {"wheel": "suyuan-1-py3-none-any.whl", "dotted": "3.11", "version": "3, 11"}
    sh, cmd = (bundle.filled(text, says) for text in (bundle.INSTALL_SH, bundle.INSTALL_CMD))

    assert "sys.version_info[:2] != (3, 11)" in sh
    assert "PYTHON=${PYTHON:-python3}" in sh
    assert "wheels/suyuan-1-py3-none-any.whl" in sh
    assert "wheels\\suyuan-1-py3-none-any.whl" in cmd


def test_what_is_packed_can_be_checked(tmp_path):
    folder = tmp_path / "bundle"
    (folder / "wheels").mkdir(parents=True)
    (folder / "wheels/a.whl").write_bytes(b"wheel")
    (folder / "install.sh").write_text("#!/bin/sh\n")
    (folder / "install.sh").chmod(0o755)

    said = bundle.sums(folder)
    bundle.pack(folder, tmp_path / "suyuan-1.zip")

    assert [line.split()[1] for line in said.splitlines()] == ["install.sh", "wheels/a.whl"]
    with zipfile.ZipFile(tmp_path / "suyuan-1.zip") as packed:
        modes = {i.filename: i.external_attr >> 16 & 0o777 for i in packed.infolist() if not i.is_dir()}
        assert packed.read("suyuan-1/wheels/a.whl") == b"wheel"
    assert modes["suyuan-1/install.sh"] == 0o755
