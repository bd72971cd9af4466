"""Kept models of risk: whatever stands in the file is a model that scores, or is refused; nothing is run."""

import copy
import json

import numpy as np
import pytest
from damage import NOISE, taken
from hypothesis import given
from hypothesis import strategies as st

from suyuan.actions.risk import reading
from suyuan.analytics.risk import learned, saving
from suyuan.analytics.risk.question import question
from suyuan.store import risk as files
from tests.risk_log import TERMS, columns

TERMS_OF_ALL = learned.Terms(0.5, 0.25, 0.12, 30, 3, 1, 0.6, 0.1)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 2**70), st.floats(), st.text(max_size=4),
    st.lists(st.integers(-2, 9), max_size=3), st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)  # fmt: skip


@pytest.fixture(scope="module")
def content():
    """Return a kept model as JSON values."""
    asked = question("follows", TERMS)
    model, card = learned.learned(reading.told(columns(), asked), asked, TERMS_OF_ALL, 7)
    return json.loads(json.dumps(saving.saved(model, card)))


def places(value, above=()):
    """Return the way to everything in JSON values, but for the inside of long lists."""
    yield above
    if isinstance(value, dict):
        for key, one in value.items():
            yield from places(one, (*above, key))
    elif isinstance(value, list):
        for at, one in enumerate(value[:3]):
            yield from places(one, (*above, at))


@given(st.data())
def test_a_model_of_which_one_value_is_another_is_refused_or_scores(content, data):
    way = data.draw(st.sampled_from([one for one in places(content) if one]))
    changed = copy.deepcopy(content)
    inside = changed
    for step in way[:-1]:
        inside = inside[step]
    inside[way[-1]] = data.draw(VALUES)

    found = taken(lambda: saving.loaded(changed))
    if found is None:
        return
    model, card = found
    score = model.scorer.scores(np.zeros((2, len(model.features)), np.float32))
    low, high = model.curve.intervals(score)
    assert len(score) == 2
    assert ((low >= 0) & (high <= 1) & (low <= high)).all()
    assert card.judged.best_rule in card.judged.rules


@given(NOISE)
def test_a_file_that_is_no_model_is_refused(tmp_path_factory, noise):
    place = tmp_path_factory.mktemp("risk") / "m.model.json"
    place.write_bytes(noise)

    found = taken(lambda: files.read(place))
    assert found is None or taken(lambda: saving.loaded(found)) is None
