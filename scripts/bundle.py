"""Build an offline bundle: every wheel for one platform, an install script, nothing to download later.

    scripts/bundle.py PLATFORM [PYTHON]   PLATFORM: manylinux_2_28_x86_64 manylinux_2_28_aarch64 win_amd64

It writes dist/suyuan-VERSION-PLATFORM-pyPYTHON.zip. On the machine without a network: unpack it, run
install.sh or install.cmd. Every package is checked against the hashes of the lock here, every wheel again
there.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from packaging.markers import Marker, default_environment

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"
DIST = ROOT / "dist"
PYTHON = "3.11"
GLIBC = (28, 27, 26, 24, 17, 12, 5)
"""Versions of glibc that wheels are tagged with; a newer one runs what was built for an older."""

OLD_NAMES = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}

INSTALL_SH = """\
#!/bin/sh
# Installs Suyuan into ./suyuan-env from the wheels beside this file. Asks nothing of the network.
# 把溯源安装到 ./suyuan-env，只用本目录里的文件，不联网。
set -eu
cd "$(dirname "$0")"
PYTHON=${PYTHON:-python3}
"$PYTHON" -c 'import sys; sys.exit(sys.version_info[:2] != ({version}))' || {
    echo "Python {dotted} is needed; name it: PYTHON=/path/to/python{dotted} ./install.sh" >&2
    exit 1
}
"$PYTHON" -m venv suyuan-env
export PIP_NO_INDEX=1 PIP_FIND_LINKS=wheels PIP_DISABLE_PIP_VERSION_CHECK=1
suyuan-env/bin/python -m pip install --quiet --require-hashes -r requirements.txt
suyuan-env/bin/python -m pip install --quiet --no-deps wheels/{wheel}
echo "suyuan-env/bin/suyuan demo     # a first look   先看演示"
echo "suyuan-env/bin/suyuan serve    # the console    正式启动"
"""
INSTALL_CMD = """\
@echo off
rem Installs Suyuan into suyuan-env from the wheels beside this file. Asks nothing of the network.
cd /d "%~dp0"
if "%PYTHON%"=="" set PYTHON=py -{dotted}
%PYTHON% -m venv suyuan-env || goto wrong
set PIP_NO_INDEX=1
set PIP_FIND_LINKS=wheels
suyuan-env\\Scripts\\python -m pip install --quiet --require-hashes -r requirements.txt || goto wrong
suyuan-env\\Scripts\\python -m pip install --quiet --no-deps wheels\\{wheel} || goto wrong
echo suyuan-env\\Scripts\\suyuan demo
exit /b 0
:wrong
echo Not installed. Python {dotted} is needed: set PYTHON=C:\\path\\to\\python.exe and run this again.
exit /b 1
"""


def tags(platform: str) -> list[str]:
    """Return the platform tags whose wheels run on ``platform``, newest first."""
    if platform == "win_amd64":
        return [platform]
    found = re.fullmatch(r"manylinux_2_(\d+)_(x86_64|aarch64)", platform)
    if not found:
        raise SystemExit(f"{platform}: not one of manylinux_2_28_x86_64, manylinux_2_28_aarch64, win_amd64")
    newest, machine = int(found[1]), found[2]
    fitting = [minor for minor in GLIBC if minor <= newest]
    old = [f"{OLD_NAMES[minor]}_{machine}" for minor in fitting if minor in OLD_NAMES]
    return list(dict.fromkeys([platform, *(f"manylinux_2_{minor}_{machine}" for minor in fitting), *old]))


def environment(platform: str, python: str) -> dict[str, str]:
    """Return what environment markers see there: pip itself would ask the machine that downloads."""
    windows = platform.startswith("win")
    return {
        **default_environment(),
        "sys_platform": "win32" if windows else "linux",
        "os_name": "nt" if windows else "posix",
        "platform_system": "Windows" if windows else "Linux",
        "platform_machine": "AMD64" if windows else "aarch64" if platform.endswith("aarch64") else "x86_64",
        "python_version": python,
        "python_full_version": f"{python}.0",
    }


def wanted(lock: str, there: dict[str, str]) -> str:
    """Return the part of a lock that is wanted there, its markers decided and gone."""
    kept: list[str] = []
    for block in re.split(r"\n(?=[a-z0-9])", lock.strip()):
        head, rest = block.partition("\n")[::2]
        named = re.fullmatch(r"(\S+==\S+)(?: ; (.*?))?( \\)?", head)
        if named is None:
            raise SystemExit(f"requirements.lock: not understood: {head}")
        if named[2] is None or Marker(named[2]).evaluate(there):
            hashes = [line for line in rest.splitlines() if "--hash" in line]
            kept.append("\n".join([named[1] + " \\", *hashes]))
    return "\n".join(kept) + "\n"


def download(platform: str, python: str, folder: Path) -> None:
    """Fetch every package into ``folder``: the wheel for the platform, or the source where there is none."""
    words = [f"--platform={tag}" for tag in tags(platform)]
    words += ["--no-deps", "--prefer-binary", f"--python-version={python}", "--implementation=cp"]
    lock = str(folder.parent / "requirements.txt")
    pip("download", *words, "--require-hashes", "-r", lock, "-d", str(folder))


def pip(*words: str) -> None:
    """Run pip quietly; its complaints are its own."""
    subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *words], check=True
    )


def built(folder: Path, lock: str) -> str:
    """Build wheels from what came as source, and return the lock with their digests in place of the sources'.

    Only what runs everywhere can be built here for elsewhere: a compiled wheel is an error.
    """
    for source in sorted(path for path in folder.iterdir() if path.suffix != ".whl"):
        with tempfile.TemporaryDirectory() as drawer:
            pip("wheel", "--no-deps", "-w", drawer, str(source))
            wheel = next(Path(drawer).glob("*.whl"))
            if not wheel.name.endswith("-none-any.whl"):
                raise SystemExit(f"{source.name}: no wheel for that platform, and it must be compiled there")
            shutil.copy(wheel, folder / wheel.name)
        old, new = (hashlib.sha256(path.read_bytes()).hexdigest() for path in (source, folder / wheel.name))
        lock = lock.replace(old, new)
        source.unlink()
    return lock


def own_wheel(folder: Path) -> str:
    """Build our own wheel into ``folder`` and return its name."""
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)], check=True)
    return next(folder.glob("suyuan-*.whl")).name


def sums(folder: Path) -> str:
    """Return the digests of everything in a folder, as ``sha256sum -c`` reads them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    rows = (
        f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder).as_posix()}" for p in files
    )
    return "\n".join(rows) + "\n"


def pack(folder: Path, target: Path) -> None:
    """Zip a folder; wheels are compressed already."""
    with zipfile.ZipFile(target, "w") as bundle:
        for path in sorted(folder.rglob("*")):
            bundle.write(path, f"{target.stem}/{path.relative_to(folder).as_posix()}")


def main() -> int:
    """Build the bundle and say where it lies."""
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    platform, python = sys.argv[1], (sys.argv[2:] or [PYTHON])[0]
    tags(platform)
    with tempfile.TemporaryDirectory() as drawer:
        folder = Path(drawer) / "bundle"
        wheels = folder / "wheels"
        wheels.mkdir(parents=True)
        lock = wanted(LOCK.read_text(encoding="utf-8"), environment(platform, python))
        (folder / "requirements.txt").write_text(lock, encoding="utf-8")
        download(platform, python, wheels)
        (folder / "requirements.txt").write_text(built(wheels, lock), encoding="utf-8")
        says = {"wheel": own_wheel(wheels), "dotted": python, "version": python.replace(".", ", ")}
        name, text = (
            ("install.cmd", INSTALL_CMD) if platform.startswith("win") else ("install.sh", INSTALL_SH)
        )
        (folder / name).write_text(filled(text, says), encoding="utf-8")
        (folder / name).chmod(0o755)
        for page in ("LICENSE", "README.md", "README.zh.md"):
            shutil.copy(ROOT / page, folder / page)
        (folder / "SHA256SUMS").write_text(sums(folder), encoding="utf-8")
        DIST.mkdir(exist_ok=True)
        target = DIST / f"suyuan-{says['wheel'].split('-')[1]}-{platform}-py{python}.zip"
        pack(folder, target)
    print(f"{target} {target.stat().st_size / 1024**2:.0f} MiB")
    return 0


def filled(text: str, says: dict[str, str]) -> str:
    """Return a script with its places filled; its own braces stay as they are."""
    for name, value in says.items():
        text = text.replace("{" + name + "}", value)
    return text


if __name__ == "__main__":
    sys.exit(main())
