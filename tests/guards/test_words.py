"""Every code that a person can meet has words in both languages, and every string on a page is translated."""

import ast
import importlib.util
import tomllib

import pytest
from codebase import PACKAGE, ROOT, modules, short, tree
from django.utils import translation

from suyuan.domain import errors
from suyuan.domain.vocabulary import FINDINGS, SATISFACTIONS, SECRECIES, SITES, SPECIALTIES
from suyuan.web.errors import words_for

LABELS = tomllib.loads((PACKAGE / "rulebook/labels.toml").read_text(encoding="utf-8"))
RAISED = {"Refused", "BadInput"}


def raised() -> dict[str, str]:
    """Return every code a rule error is raised with, and where."""
    return {
        node.args[0].value: f"{short(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in RAISED
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def outcomes(value: ast.expr) -> list[ast.expr]:
    """Return what a returned expression can turn out to be."""
    return outcomes(value.body) + outcomes(value.orelse) if isinstance(value, ast.IfExp) else [value]


def given_by_guards() -> dict[str, str]:
    """Return every reason a guard gives."""
    path = PACKAGE / "domain/guards.py"
    returned = [node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Return) and node.value]
    found = [one for value in returned for one in outcomes(value) if isinstance(one, ast.Constant)]
    return {one.value: f"{short(path)}:{one.lineno}" for one in found if one.value is not None}


def families() -> dict[str, str]:
    """Return the codes that come with a class of errors."""
    classes = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    own = [kind for kind in classes if issubclass(kind, errors.RuleError) and kind is not errors.RuleError]
    return {kind.code: kind.__name__ for kind in own if kind.code != errors.RuleError.code}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_code_of_a_rule_error_has_words(language):
    codes = raised() | given_by_guards() | families()
    assert {"not_found", "own_work", "calendar_gap"} <= set(codes)

    with translation.override(language):
        silent = {code: place for code, place in codes.items() if words_for(code) == code}

    assert silent == {}


def test_every_label_has_both_languages_and_nothing_else():
    odd = [
        f"{kind}.{code}"
        for kind, all_of in LABELS.items()
        for code, words in all_of.items()
        if not complete(words)
    ]

    assert odd == []


def complete(words: dict[str, str]) -> bool:
    """Return whether a label says something in Chinese and in English."""
    return set(words) == {"zh", "en"} and all(words.values())


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("finding", FINDINGS),
        ("satisfaction", SATISFACTIONS),
        ("site", SITES),
        ("secrecy", SECRECIES),
        ("specialty", SPECIALTIES),
    ],
)
def test_every_word_that_is_stored_has_a_label(kind, codes):
    assert sorted(set(codes) - set(LABELS[kind])) == []


@pytest.fixture(scope="module")
def locale():
    spec = importlib.util.spec_from_file_location("check_locale", ROOT / "scripts/check_locale.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_string_of_the_console_is_translated(locale):
    assert len(locale.wanted()) > 100
    assert locale.problems() == []


def test_the_locale_check_sees_what_it_is_for(locale):
    page = (
        '<p>{% translate "好" %}</p>\n<p title="你">好</p>\n{# 注 #}{{ _("啊") }}\n'
        "{% blocktranslate %}中{% endblocktranslate %}"
    )
    code = ast.parse('"""说明"""\nx = gettext("好")\ny = "你好"\n')

    assert locale.stray_in_template(page) == [2]
    assert sorted(locale.template_strings(page)) == ["中", "啊", "好"]
    assert locale.stray_in_code(code) == [3]
    assert [locale.bad_entry(*entry) for entry in locale.entries(CATALOGUE)] == [
        None,
        "no English yet",
        "no English yet",
        "the English holds Chinese",
        "other placeholders",
    ]


CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8"

msgid "好"
msgstr "Good"

msgid "没有"
msgstr ""

#, fuzzy
msgid "也许"
msgstr "Maybe"

msgid "混"
msgstr "Mixed 混"

msgid "有 %(n)s 件"
msgstr "%(m)s orders"
"""
