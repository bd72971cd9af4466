"""The example of docs/methods/trace.md: its rules and its log are files, and its commands run as written."""

import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/methods/trace.md").read_text("utf-8")
LINES = re.findall(r"^suyuan (trace docs/examples/.*)$", PAGE, re.MULTILINE)
SAID = {
    "T01": "readers: home H000: “bill guessed” 2 times in a row",
    "T06": "desk: request R031: “called back” was not done",
    "T10": "readers: swap S021: “gauge read” was not done",
    "T13": "The evidence is too thin to say.",
}


def test_the_rules_beside_the_log_are_those_of_the_page():
    [block] = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)

    assert (ROOT / "docs/examples/town.toml").read_text("utf-8") == block
    assert len(LINES) == len(SAID) + 1


@pytest.mark.parametrize("line", LINES)
def test_the_commands_of_the_page_run_as_written(suyuan, line, monkeypatch):
    monkeypatch.chdir(ROOT)

    code, out, err = suyuan(*shlex.split(line))

    asked = re.search(r"--object (\w+)", line)
    wanted = SAID[asked.group(1)] if asked else "gauge read"
    assert (code, wanted in out.split("\n")[0]) == (0, True), out
    assert "nothing in the log is “*call”" in err
