"""The events of an import are chained as the library says, whatever the file holds."""

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from suyuan.actions.imports.prepare import Preparer, _json
from suyuan.actions.imports.standing import Judge
from suyuan.domain import audit
from suyuan.domain.order import OrderRecord
from suyuan.store import bulk, chain, rules
from tests.import_files import bring, counts, order
from tests.methods.order_files import NOW, write_csv

pytestmark = pytest.mark.django_db


NASTY = [
    '他说"没电"',
    "反斜\\杠",
    "换行\n制表\t",
    "emoji 😀👨‍👩‍👧",
    "\u2028行分隔",
    "控制\x01\x1f\x7f",
    "/>&</",
    "\ufeffBOM",
    "é́",
]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_nasty_texts_chain_as_the_library_says(tmp_path, text):
    rows = order(所属线路=text, 所属台区=text[::-1])
    rows[1][3] = text

    summary = bring(write_csv(tmp_path / "a.csv", rows))

    assert counts(summary) == (1, 1, 0, 0)
    assert chain.verify() == (2, 2)


@given(
    st.recursive(
        st.text() | st.integers(-(2**53) + 1, 2**53 - 1) | st.none() | st.booleans(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="ascii")), inner),
        max_leaves=8,
    )
)
def test_the_fast_canonical_form_is_the_librarys(value):
    assert _json(value).encode() == rfc8785.dumps(value)


@settings(max_examples=25, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_the_event_of_an_import_is_linked_as_its_entry_says(text):
    book = rules.rulebook()
    preparer = Preparer(
        rules=book,
        source="office_95598",
        zone="Asia/Shanghai",
        judge=Judge(book, frozenset(), bulk.postgres_moment, NOW),
        by=text,
        at=audit.body(audit.Entry("", 1, NOW, "", "", (), {}))["at"],
        postgres=True,
    )
    record = OrderRecord(number=text, business_type="complaint", accepted_at=NOW, text=text, line=text)

    stream, objects, detail, digest = preparer.prepare(2, record).event

    entry = audit.Entry(
        stream=f"case:{text}",
        seq=1,
        at=NOW,
        actor=text,
        verb="import",
        objects=(("case", text), ("line", text)),
        detail={
            "milestones": {"accepted_at": NOW.isoformat()},
            "row_digest": preparer.prepare(2, record).digest,
            "source": "office_95598",
        },
    )
    assert (stream, objects, detail) == (
        entry.stream,
        rfc8785.dumps([list(pair) for pair in entry.objects]).decode(),
        rfc8785.dumps(entry.detail).decode(),
    )
    assert digest == audit.digest(entry, audit.GENESIS, rfc8785.dumps)
