"""Everything the rulebook's checks can say has Chinese words on Chinese pages."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

import suyuan.domain.rulebook
from suyuan.web.rules.said import chinese

SOURCES = sorted(Path(suyuan.domain.rulebook.__file__).parent.glob("*.py"))
HAN = re.compile(r"[\u3400-\u9fff]")


def problems():
    """Yield every problem a check can name, with a 7 for what it fills in."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            named = getattr(node.func, "attr", getattr(node.func, "id", ""))
            given = [kw.value for kw in node.keywords if kw.arg == "problem"]
            if named in ("error", "_error") and len(node.args) > 1:
                given.append(node.args[1])
            yield from (text for one in given if (text := _text(one)))


def _text(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr():
            return "".join(_text(part) or "7" for part in node.values)
        case ast.BinOp():
            return f"{_text(node.left) or '7'}{_text(node.right) or '7'}"
        case ast.BoolOp():
            return _text(node.values[-1])
    return ""


def test_the_guard_reads_them_all():
    assert len(set(problems())) > 40


@pytest.mark.parametrize("problem", sorted(set(problems())))
def test_every_problem_has_chinese_words(problem):
    with translation.override("zh-hans"):
        assert HAN.search(chinese(problem).replace(problem, ""))
