"""The one form renderer: every field of every procedure stands on a page in words."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from suyuan.domain import fields
from suyuan.domain.fields import Field, Type
from suyuan.domain.procedures import CURRENT
from suyuan.store import handed_in
from suyuan.store.queries import viewer
from suyuan.web import forms
from tests.factories import person

pytestmark = pytest.mark.django_db

EVERY = {f.name: f for p in CURRENT.values() for step in p.steps for f in step.form}


@pytest.fixture
def office() -> viewer.Viewer:
    """Return the service office as a viewer."""
    return viewer.of(person("office"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", sorted(EVERY))
def test_every_field_has_words_in_both_languages(office: viewer.Viewer, name: str, language: str) -> None:
    with translation.override(language):
        (box,) = forms.boxes(office, [EVERY[name]], forms.Entry(), "x")

    assert box.label != name
    assert [words for code, words in box.choices if words.strip() in ("", code)] == []


@pytest.mark.parametrize("name", sorted(EVERY))
def test_every_choice_can_be_made(office: viewer.Viewer, name: str) -> None:
    (box,) = forms.boxes(office, [EVERY[name]], forms.Entry(), "x")

    of_the_case = EVERY[name].type is Type.ITEM  # and no case is open here
    assert bool(box.choices) == (box.kind in ("select", "radio") and not of_the_case)


@pytest.mark.parametrize("name", sorted(EVERY))
def test_a_box_can_be_filled_from_the_page_it_makes(office: viewer.Viewer, name: str) -> None:
    boxes = forms.boxes(office, [EVERY[name]], forms.Entry(errors={name: "必填"}), "x")

    html = render_to_string("web/_form.html", {"boxes": boxes})

    assert f'name="{name}"' in html
    assert 'id="x-' + name + '-error">必填<' in html
    assert ("required" in html) == EVERY[name].required


def test_what_was_typed_stands_in_the_box_and_is_never_markup(office: viewer.Viewer) -> None:
    boxes = forms.boxes(office, [fields.NOTE], forms.Entry({"note": "</textarea><b>"}), "x")

    html = render_to_string("web/_form.html", {"boxes": boxes})

    assert "&lt;/textarea&gt;&lt;b&gt;</textarea>" in html


def test_units_are_indented_by_their_depth(office: viewer.Viewer) -> None:
    assert forms.units(office)[:2] == [("01", "溯源市供电公司"), ("0101", "　东城供电所")]


def test_only_what_was_asked_for_is_read() -> None:
    typed = forms.read([fields.NOTE, fields.EVIDENCE], {"note": "  好 ", "evidence": " ", "state": "void"})

    assert typed == {"note": "好"}


@pytest.mark.parametrize(
    ("asked", "value", "words"),
    [
        (fields.REACHED, "True", "是"),
        (fields.REACHED, "False", "否"),
        (fields.FINDING, "partial", "部分属实"),
        (fields.UNIT, "0101", "东城供电所 0101"),
        (fields.AT, "2026-03-04T02:30:00+00:00", "2026-03-04 10:30"),
        (fields.EVIDENCE, "照片", "照片"),
        (None, "verified", "verified"),
    ],
)
def test_what_was_handed_in_reads_as_words(office, asked: Field | None, value: str, words: str) -> None:
    assert handed_in.words(asked, asked.name if asked else "finding", value, {"0101": "东城供电所"}) == words


def test_every_type_of_field_has_a_way_in(office: viewer.Viewer) -> None:
    kinds = {kind: forms.boxes(office, [Field("finding", kind)], forms.Entry(), "x")[0].kind for kind in Type}

    assert kinds == {
        Type.TEXT: "text",
        Type.LONGTEXT: "longtext",
        Type.PASSWORD: "password",
        Type.CHOICE: "radio",
        Type.BOOL: "bool",
        Type.MOMENT: "datetime",
        Type.INTEGER: "integer",
        Type.UNIT: "select",
        Type.CATEGORY: "select",
        Type.BUSINESS_TYPE: "select",
        Type.CASE: "text",
        Type.CHOICES: "checks",
        Type.DATE: "date",
        Type.DECIMAL: "decimal",
        Type.ITEM: "select",
        Type.CLAUSE: "select",
    }
