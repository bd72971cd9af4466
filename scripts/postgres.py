"""Run a command against a private PostgreSQL that lives only as long as the command.

    scripts/postgres.py COMMAND...

The server belongs to this run: its own folder, no TCP port, a socket nobody else can open, no fsync. It
never runs as root: started by root, it becomes `postgres` or `nobody`. The command finds it in
SUYUAN_DATABASE_URL. Without PostgreSQL's binaries the command is skipped, in plain words, unless
SUYUAN_REQUIRE names postgres.
"""

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

OLDEST = 15
FOLDERS = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin")
FAST = (
    "-c fsync=off -c full_page_writes=off -c max_connections=60 "
    "-c autovacuum=off -c wal_level=minimal -c max_wal_senders=0"
)
"""Safe for as long as the machine runs: a commit is handed to the system before it is acknowledged, so the
server may crash and be restarted, as the tests do, and has lost nothing it had taken."""


def version(folder: Path) -> int:
    """Return the major version of the PostgreSQL in ``folder``, 0 where there is none."""
    if not all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
        return 0
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\) (\d+)", said.stdout)
    return int(found[1]) if found else 0


def binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL that is new enough, or None."""
    folders = [Path(name) for name in os.environ.get("PATH", "").split(os.pathsep) if name]
    folders += [folder for pattern in FOLDERS for folder in Path("/").glob(pattern)]
    newest = max(folders, key=version, default=None)
    return newest if newest and version(newest) >= OLDEST else None


def servant() -> dict[str, object]:
    """Return how to start the server without root's rights: nothing to change for anybody else."""
    if os.getuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            who = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
    raise SystemExit("PostgreSQL may not run as root, and there is no user postgres or nobody to run it as.")


def ask(program: Path, root: Path, *words: str) -> None:
    """Run one of the server's programs in its folder; end with what it said where it failed."""
    done = subprocess.run(
        [program, *words],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **servant(),
    )
    if done.returncode:
        log = root / "log"
        said = log.read_text() if log.exists() else ""
        raise SystemExit(f"{program.name} failed: {done.stdout}{said}")


def restart() -> None:
    """Restart the server this process was given by this script, as a crash would: nobody is asked first."""
    folder, place = binaries(), urlsplit(os.environ["SUYUAN_DATABASE_URL"]).netloc
    root = Path(unquote(place.rpartition("@")[2]))
    if folder is None or not (root / "data").exists():
        raise SystemExit("only a server that this script started can be restarted")
    ask(
        folder / "pg_ctl",
        root,
        "-D",
        str(root / "data"),
        "-w",
        "-m",
        "immediate",
        "-l",
        str(root / "log"),
        "restart",
    )


def serve(folder: Path, command: list[str]) -> int:
    """Start a server in a new folder, run ``command`` against it, and leave nothing behind."""
    rights = servant()
    root = Path(tempfile.mkdtemp(prefix="suyuan-pg-"))
    if rights:
        os.chown(root, int(str(rights["user"])), int(str(rights["group"])))

    def pg(program: str, *words: str) -> None:
        ask(folder / program, root, *words)

    data = str(root / "data")
    started = False
    try:
        pg("initdb", "-D", data, "-U", "suyuan", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        pg("pg_ctl", "-D", data, "-w", "-l", str(root / "log"), "-o", f"-k {root} -h '' {FAST}", "start")
        started = True
        url = f"postgres://suyuan@{quote(str(root), safe='')}/postgres"
        return subprocess.run(command, env=os.environ | {"SUYUAN_DATABASE_URL": url}, check=False).returncode
    finally:
        if started:
            pg("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(root)


def main() -> int:
    """Run the command, or say why not."""
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    folder = binaries()
    if folder is None:
        required = "postgres" in os.environ.get("SUYUAN_REQUIRE", "").split(",")
        print(
            f"{'FAILED' if required else 'SKIPPED'}: no PostgreSQL {OLDEST} or newer (initdb, pg_ctl, "
            f"postgres) was found, so nothing was tested on PostgreSQL.",
            file=sys.stderr,
        )
        return int(required)
    return serve(folder, sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
