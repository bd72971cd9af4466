"""Install what is handed out, as whoever gets it does, and see that it runs.

    scripts/package.py            the wheel, then the offline bundle of this platform
    scripts/package.py wheel      one of the two
    scripts/package.py bundle

The wheel is built, installed into an empty environment with what pip finds for it, and `suyuan demo` started
until its first page answers. The bundle is built for this platform and this Python, unpacked, installed by
its own script without any way to an index, and loads the demo. Not part of `make test`: both fetch some
hundred packages.
"""

import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
PATIENCE = 600
"""Seconds for the demo to load its city and answer."""
NO_WAY_OUT = {"PIP_NO_INDEX": "1", "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
LET_GO = ("PIP_", "SUYUAN_", "PYTHON", "VIRTUAL_ENV")


def run(*words: str | Path, env: dict[str, str] | None = None, at: Path | None = None) -> None:
    """Run a command; what it cannot do ends this script with its code."""
    print("$", *words, flush=True)
    done = subprocess.run([*map(str, words)], env=env, cwd=at, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)


def bare(**more: str) -> dict[str, str]:
    """Return an environment without what was set for this checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith(LET_GO)} | more


def wheel(place: Path) -> None:
    """Build the wheel, install it into an empty environment and look at the demo's first page."""
    run(sys.executable, "-m", "build", "--wheel", "--outdir", place / "dist", ROOT)
    made = next((place / "dist").glob("suyuan-*.whl"))
    run(sys.executable, "-m", "venv", place / "env")
    began = time.monotonic()
    run(place / "env/bin/python", "-m", "pip", "install", "--quiet", made)
    print(f"{made.name}: installed in {time.monotonic() - began:.0f} s", flush=True)
    look(place / "env/bin/suyuan", place)


def look(command: Path, place: Path) -> None:
    """Start the demo in an empty home outside the checkout until its first page answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    home = bare(SUYUAN_HOME=str(place / "home"))
    began = time.monotonic()
    serving = subprocess.Popen([str(command), "demo", "--port", port], env=home, cwd=place)
    try:
        said = answer(f"http://127.0.0.1:{port}/accounts/login/", serving)
    finally:
        serving.terminate()
        serving.wait(60)
    if "溯源" not in said or "stylesheet" not in said:
        raise SystemExit("the page that answers is not ours")
    print(f"demo: first page after {time.monotonic() - began:.0f} s", flush=True)


def answer(url: str, serving: "subprocess.Popen[bytes]") -> str:
    """Return what a page says once it answers; end where its server does not live that long."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and serving.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=30) as page:  # noqa: S310 our own
                return str(page.read().decode())
        except OSError:
            time.sleep(1)
    raise SystemExit(f"{url}: no answer")


def bundle(place: Path) -> None:
    """Build the bundle of this platform, unpack it, install it without an index and load the demo."""
    target = f"manylinux_2_28_{platform.machine()}"
    run(sys.executable, ROOT / "scripts/bundle.py", target, PYTHON)
    made = max(
        (ROOT / "dist").glob(f"suyuan-*-{target}-py{PYTHON}.zip"), key=lambda path: path.stat().st_mtime
    )
    with zipfile.ZipFile(made) as zipped:
        zipped.extractall(place)
    script = next(place.rglob("install.sh"))
    run("sh", script, env=bare(PYTHON=sys.executable, **NO_WAY_OUT))
    home = bare(SUYUAN_HOME=str(place / "home"), **NO_WAY_OUT)
    run(script.parent / "suyuan-env/bin/suyuan", "demo", "--no-serve", env=home, at=place)
    print(f"{made.name}: {made.stat().st_size / 1024**2:.0f} MiB, installed without an index", flush=True)


def main(asked: list[str]) -> int:
    """Install and try what is asked for, both where nothing is."""
    known = {"wheel": wheel, "bundle": bundle}
    if sys.platform != "linux" or set(asked) - set(known):
        raise SystemExit(__doc__)
    for name in asked or known:
        with tempfile.TemporaryDirectory(prefix="suyuan-package-") as drawer:
            known[name](Path(drawer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
