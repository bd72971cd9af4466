"""A wording names what its template may say and nothing personal; an SMS is counted in parts."""

import pytest

from suyuan.domain.errors import RulebookError
from suyuan.domain.rulebook import entries, messages
from tests.rulebook_entries import MESSAGE

TERMS = {"single": 70, "part": 67}


def refused(**changed: object) -> tuple[str, str]:
    """Return key and problem of an entry that does not fit."""
    with pytest.raises(RulebookError) as no:
        entries.mark("message", MESSAGE | changed)
    return str(no.value.facts["key"]), str(no.value.facts["problem"])


def said(text: str) -> dict[str, str]:
    return {"zh": text, "en": "Order {case}"}


def test_an_entry_is_marked_by_its_template_and_day():
    assert entries.mark("message", MESSAGE) == "message:rung:2026-01-01"


@pytest.mark.parametrize("template", messages.TEMPLATES)
def test_every_template_may_be_worded_with_all_its_variables(template):
    text = " ".join("{" + name + "}" for name in messages.samples(template))

    assert messages.problem(text, messages.samples(template)) == ""
    assert not messages.samples(template).keys() & messages.PERSONAL


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{limi}", "names the variable 'limi', which is none of case, limit, rung"),
        ("{state}", "names the variable 'state', which is none of case, limit, rung"),
        ("{phone}", "names the personal variable 'phone': no message holds it"),
        ("{customer}", "names the personal variable 'customer': no message holds it"),
        ("{contact_note}", "names the personal variable 'contact_note': no message holds it"),
        ("{case.__class__}", "names the variable 'case.__class__', which is none of case, limit, rung"),
        ("{case!r}", "names the variable 'case!r', which is none of case, limit, rung"),
        ("{case:>99999999}", "names the variable 'case:>99999999', which is none of case, limit, rung"),
        ("{}", "names the variable '', which is none of case, limit, rung"),
        ("{case", "has a brace without its other half; a brace itself is written twice"),
        ("case}", "has a brace without its other half; a brace itself is written twice"),
    ],
)
def test_an_unknown_or_personal_variable_is_refused_by_name(text, problem):
    assert refused(text=said(text)) == ("text.zh", problem)
    assert refused(text={"zh": "工单", "en": text}) == ("text.en", problem)


def test_a_brace_written_twice_is_a_brace():
    assert messages.problem("{{case}}", {}) == ""


def test_template_languages_and_subject_are_checked():
    assert refused(template="greeting")[0] == "template"
    assert refused(text={"zh": "工单 {case}"}) == ("en", "is missing")
    assert refused(title={"zh": "两\n行", "en": "x"}) == ("title.zh", "must be one line without braces")
    assert refused(title={"zh": "x", "en": "{case}"}) == ("title.en", "must be one line without braces")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", (0, 1)),
        ("短" * 70, (70, 1)),
        ("短" * 71, (71, 2)),
        ("短" * 134, (134, 2)),
        ("短" * 135, (135, 3)),
        ("𠮷" * 36, (72, 2)),
    ],
)
def test_an_sms_is_cut_into_parts(text, found):
    assert messages.segments(text, TERMS) == found
