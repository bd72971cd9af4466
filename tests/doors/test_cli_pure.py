"""Commands that need no installation make none: not a file, not a folder."""

import json
import os
import subprocess
import sys

COMMANDS = (
    ("--version",),
    ("--help",),
    ("schema",),
    ("text", "mask", "said.txt"),
    ("reply", "check", "said.txt", "--procedure", "complaint"),
    ("damage", "--price", "1000", "--used", "2", "--life", "10", "--on-time", "yes"),
    ("due", "--limit", "complaint.answer", "--start", "2025-09-26T16:30"),
    ("procedure", "show", "complaint"),
    ("rules", "show", "complaint.answer"),
    ("rules", "check", "own.toml"),
    ("papers", "check", "reply", "said.txt"),
    ("evidence", "verify", "said.txt"),
    ("log", "info", "log.csv"),
    ("log", "convert", "log.csv", "log.sqlite"),
    ("trace", "log.csv", "--object", "1"),
    ("handover", "log.csv", "--by", "org:group"),
    ("simulate", "--seed", "1", "--customers", "200", "--days", "21", "-o", "city"),
)
"""Three of them are given what they refuse: they read the file and nothing else."""
ALL = """
import json, sys
from pathlib import Path
from suyuan.cli.main import main
for command in json.loads(sys.argv[1]):
    try:
        main(command)
        code = 0
    except SystemExit as end:
        code = end.code or 0
    made = sorted(path.name for path in Path("nowhere").rglob("*")) if Path("nowhere").exists() else None
    print(json.dumps([command, code, made]), file=sys.stderr)
"""


def test_commands_that_need_no_home_leave_none(tmp_path):
    (tmp_path / "log.csv").write_text(
        "case:concept:name,concept:name,time:timestamp\n1,登记,2026-01-01T00:00:00Z\n", "utf-8"
    )
    (tmp_path / "said.txt").write_text("客户张三丰来电，电话13912345678。", "utf-8")
    (tmp_path / "own.toml").write_text("", "utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUYUAN", "DJANGO"))}
    done = subprocess.run(
        [sys.executable, "-c", ALL, json.dumps(COMMANDS)],
        cwd=tmp_path,
        env=kept | {"SUYUAN_HOME": "nowhere"},
        capture_output=True,
        text=True,
        check=True,
    )

    ends = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("[")]
    refused = {"papers", "evidence", "handover"}
    assert ends == [[list(each), 2 if each[0] in refused else 0, None] for each in COMMANDS]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "city",
        "log.csv",
        "log.sqlite",
        "own.toml",
        "said.txt",
    ]
