"""A template says what is documented and nothing else; what means harm is refused by name."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suyuan.domain.errors import BadInput
from suyuan.domain.papers import PAPERS
from suyuan.gateways import ooxml
from suyuan.gateways.papers import check, fill, shipped
from tests.paper_files import changed, docx, with_part, words

KNOWN = PAPERS["work_order"].known
AT = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
RELS = "word/_rels/document.xml.rels"
OUTSIDE = (
    '<Relationship Id="rIdX" Target="{target}"{mode} '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/></Relationships>'
)
SPLIT = (
    "<w:p><w:r><w:instrText>INCL</w:instrText></w:r><w:r><w:instrText>UDEPICTURE x</w:instrText></w:r></w:p>"
)
"""A field whose name two runs share."""
EXTERNAL = ' TargetMode="External"'


def refused(content: bytes) -> tuple[str, dict]:
    """Return the code and the facts with which a template is refused."""
    with pytest.raises(BadInput) as error:
        check(content, "t.docx", KNOWN)
    return error.value.code, error.value.facts


@pytest.mark.parametrize("kind", PAPERS)
def test_the_templates_that_come_along_pass(kind):
    check(shipped(kind), kind, PAPERS[kind].known)


@pytest.mark.parametrize(
    ("text", "code", "placeholder"),
    [
        ("{{ nunber }}", "unknown_placeholder", "nunber"),
        ("{{ clocks }}", "unknown_placeholder", "clocks"),
        ("{% if clocks %}{{ clocks }}{% endif %}", "unknown_placeholder", "clocks"),
        ("{% if clocks.due %}{% endif %}", "unknown_placeholder", "clocks.due"),
        ("{{ number.__class__ }}", "unknown_placeholder", "number.__class__"),
        ("{% for c in clocks %}{{ c.phone }}{% endfor %}", "unknown_placeholder", "c.phone"),
        ("{% for c in number %}{% endfor %}", "unknown_placeholder", "number"),
        ("{{ number.upper() }}", "placeholder_not_allowed", "call"),
        ("{{ range(10) }}", "placeholder_not_allowed", "call"),
        ("{{ number * 9 }}", "placeholder_not_allowed", "mul"),
        ("{{ number[0] }}", "placeholder_not_allowed", "getitem"),
        ("{% set x = number %}", "placeholder_not_allowed", "assign"),
        ("{% include 'x' %}", "placeholder_not_allowed", "include"),
        ("{% macro m() %}{% endmacro %}", "placeholder_not_allowed", "macro"),
        ("{{ number | safe }}", "placeholder_not_allowed", "filter"),
    ],
)
def test_what_is_not_documented_is_named_with_its_paragraph(text, code, placeholder):
    found, facts = refused(docx("首段", f"乙 {text}"))

    assert (found, facts["placeholder"], facts["paragraph"], facts["part"]) == (
        code,
        placeholder,
        2,
        "word/document.xml",
    )
    assert facts["text"].startswith("乙")


def test_a_placeholder_written_wrong_is_named_with_its_paragraph():
    code, facts = refused(docx("甲", "乙 {{ number"))

    assert (code, facts["part"]) == ("bad_placeholder", "word/document.xml")


def test_conditions_and_documented_lists_pass():
    check(
        docx(
            "{% if level == '重要' %}{{ level }}{% endif %}",
            "{% for h in history %}{{ loop.index }}{{ h.at }}{% endfor %}",
        ),
        "t.docx",
        KNOWN,
    )


@pytest.mark.parametrize(
    ("kind", "target", "mode", "code"),
    [
        ("image", "http://example.org/x.png", EXTERNAL, "external_inside"),
        ("attachedTemplate", "http://example.org/x.dotm", EXTERNAL, "external_inside"),
        ("hyperlink", "http://example.org/", EXTERNAL, "external_inside"),
        ("aFChunk", "chunk.html", "", "embedded_inside"),
        ("oleObject", "embeddings/x.bin", "", "embedded_inside"),
    ],
)
def test_nothing_is_brought_in_from_elsewhere(kind, target, mode, code):
    relation = OUTSIDE.format(kind=kind, target=target, mode=mode)

    found, facts = refused(changed(RELS, "</Relationships>", relation))

    assert (found, facts["kind"]) == (code, kind)


@pytest.mark.parametrize(
    ("element", "kind"),
    [
        ("<w:altChunk/>", "altChunk"),
        ("<w:p><w:r><w:object/></w:r></w:p>", "object"),
        (
            SPLIT,
            "INCLUDE",
        ),
        ('<w:p><w:fldSimple w:instr="DDEAUTO c cmd"/></w:p>', "DDE"),
    ],
)
def test_nothing_fetches_or_runs(element, kind):
    code, facts = refused(changed("word/document.xml", "<w:sectPr", element + "<w:sectPr"))

    assert (code, facts["kind"]) == ("embedded_inside", kind)


def test_macros_a_document_type_and_bombs_are_refused():
    evil = b'<!DOCTYPE a [<!ENTITY x SYSTEM "/etc/passwd">]><a>&x;</a>'

    assert [
        refused(with_part("word/vbaProject.bin", b"x"))[0],
        refused(with_part("word/evil.xml", evil))[0],
        refused(with_part("../evil.xml", b"<a/>"))[0],
        refused(with_part("word/media/x.bin", b"\0" * (ooxml.MOST_BYTES + 1)))[0],
        refused(b"")[0],
        refused(b"PK\x03\x04 cut off")[0],
        refused(b"plain text")[0],
    ] == [
        "macros_inside",
        "dtd_inside",
        "unsafe_part",
        "file_too_large",
        "empty_file",
        "damaged_file",
        "not_an_office_file",
    ]


def test_placeholders_have_their_place():
    code, facts = refused(changed("docProps/core.xml", "<dc:title/>", "<dc:title>{{ number }}</dc:title>"))

    assert (code, facts["part"]) == ("placeholder_out_of_place", "docProps/core.xml")


VALUES = {name: [] if rows else name for name, rows in KNOWN.items()}


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=60))
def test_whatever_a_value_holds_it_stays_text(text):
    made = fill(docx("[{{ text }}]"), VALUES | {"text": text}, "t", AT)

    assert words(made).count("[") == 1 + text.count("[")


def test_the_same_values_give_the_same_bytes():
    first, second = (fill(shipped("work_order"), VALUES, "t", AT) for _ in range(2))

    assert first == second
    assert fill(shipped("work_order"), VALUES | {"text": "他"}, "t", AT) != first


def test_a_value_that_looks_like_a_placeholder_or_markup_is_shown_as_it_is():
    made = fill(docx("{{ text }}"), VALUES | {"text": "{{ number }} <w:br/> & {% if %}\x07\x0c"}, "t", AT)

    assert "{{ number }} &lt;w:br/&gt; &amp; {% if %}" in words(made)
