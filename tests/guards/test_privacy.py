"""Every stored field says what it is to a person and how long it is kept."""

import pytest
from codebase import called, modules, short, tree
from django.apps import apps

from suyuan.domain import retention
from suyuan.domain.privacy import RETENTIONS, Class, Privacy
from suyuan.domain.rulebook import load

MODELS = sorted(apps.get_app_config("store").get_models(), key=lambda model: model.__name__)


def own(model) -> set[str]:
    """Return the columns a model declares, its key left out."""
    return {field.name for field in model._meta.concrete_fields if not field.primary_key}


def test_there_are_tables():
    assert {"Case", "Contact", "Event", "Person"} <= {model.__name__ for model in MODELS}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_declares_its_class_once(model):
    declared: Privacy = model.privacy
    named = " ".join(getattr(declared, kind.value) for kind in Class).split()

    assert sorted(named) == sorted(own(model))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_retention_is_a_known_one(model):
    declared: Privacy = model.privacy

    assert {declared.retention_of(name) for name in own(model)} - set(RETENTIONS) == set()
    assert set(declared.kept) - own(model) == set()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_is_encrypted_is_declared_sealed_and_nothing_else_is(model):
    binary = {f.name for f in model._meta.concrete_fields if f.get_internal_type() == "BinaryField"}

    assert binary == set(model.privacy.sealed.split())


def test_every_retention_a_table_names_is_a_figure_and_every_such_figure_is_named():
    used = {model.privacy.retention_of(name) for model in MODELS for name in own(model)}
    used.add("supply")  # lies in files alone
    figures = {name for name in load().figures if name.startswith(retention.PREFIX)}

    assert figures == {name for key in used for name in retention.figures_of(key)}
    assert used == set(RETENTIONS) == set(retention.COUNTED)


OPENS = {
    "actions/bulk.py": "a form that waits for its cases",
    "actions/call/call_back.py": "the number of whom to call back, for a purpose",
    "actions/customer/_shredding.py": "the right of access",
    "actions/customer/_write.py": "whether an address changed",
    "actions/evidence/_manifest.py": "a bundle of evidence, for a purpose",
    "actions/firstmoves/calling.py": "the number of whom to call, for a purpose",
    "actions/exports.py": "disclosure.masked and disclosure.exported",
    "actions/notice/_addresses.py": "where a message goes",
    "actions/notice/_carriers.py": "the secrets of a channel",
    "actions/notice/channels.py": "the secrets of a channel",
    "actions/notice/receipts.py": "the secrets of a channel",
    "actions/notice/ways.py": "the secrets of a channel, for where it calls",
    "actions/privacy/names.py": "the index of names",
    "actions/privacy/remask.py": "masking",
    "actions/privacy/shredders.py": "the right of access",
    "actions/publish/lists.py": "the words a list was searched by, for the worker",
    "store/factors.py": "what a second factor is proved by, while its code is checked",
    "store/models/org.py": "a member's work phone, read as a column is",
    "store/opening.py": "whether the keys are those of what is sealed here",
    "store/queries/countersign.py": "what is signed for, to tell whether it still reads the same",
    "store/queries/evidence.py": "the name of a piece, for a purpose",
    "store/queries/hidden.py": "masking, by whom a case knows",
    "store/queries/personal.py": "disclosure.masked, and reveal",
    "store/queries/registered.py": "reveal",
}
"""The modules that open what is sealed, and what for: nothing else can show it, no door among them."""


def test_what_is_sealed_is_opened_in_these_places_alone():
    opening = {
        short(path).removeprefix("src/suyuan/") for path in modules() if "unseal" in called(tree(path))
    }

    assert opening - {"store/seal.py"} == set(OPENS)
