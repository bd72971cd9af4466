"""An XES log is read the same whichever of its readers takes it, and written back."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.domain.errors import BadInput
from suyuan.gateways import eventlog
from suyuan.gateways.eventlog import layout_file, xes_fast, xes_stretches, xes_strict
from suyuan.gateways.eventlog.layout import Layout, Things
from suyuan.gateways.eventlog.source import Source
from tests.eventlog_data import data

TRACE = """ <trace>
  <string key="concept:name" value="T1"/>
  <int key="size" value="07"/>
  <event>
   <string key="concept:name" value="登记 &amp; 受理"/>
   <string key="org:group" value="一班"/>
   <date key="time:timestamp" value="2026-01-02T08:00:00.5+08:00"/>
   <float key="cost" value="1e1"/>
  </event>
  <event>
   <string key="concept:name" value="归档"/>
   <date key="time:timestamp" value="2026-01-01T00:00:00Z"/>
   <boolean key="ok" value="true"/>
  </event>
 </trace>
"""
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!-- <trace> as an example -->
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
 <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
 <global scope="event"><string key="concept:name" value="name"/></global>
 <classifier name="Activity" keys="concept:name"/>
 <float key="mean" value="1"><float key="of &lt;trace>" value="2"/></float>
"""


def log(path, body, head=HEAD, tail="</log>\n"):
    """Write a log and return where."""
    path = path / "a.xes"
    path.write_text(head + body + tail, "utf-8")
    return path


def refused(read):
    with pytest.raises(BadInput) as caught:
        read()
    return caught.value.code, caught.value.facts


def test_traces_are_objects_and_events_stand_by_moment(tmp_path):
    found = eventlog.read(log(tmp_path, TRACE))

    assert data(found) == {
        "activities": ["归档", "登记 & 受理"],
        "types": ["case"],
        "events": [("e2", "归档", 1_767_225_600_000_000), ("e1", "登记 & 受理", 1_767_312_000_500_000)],
        "objects": [("T1", "case")],
        "touches": [("e1", "T1", ""), ("e2", "T1", "")],
        "links": [],
        "of_events": [
            ("e1", "cost", "10.0", "float"),
            ("e1", "org:group", "一班", "string"),
            ("e2", "ok", "true", "boolean"),
        ],
        "of_objects": [("T1", "size", "7", "integer", -1)],
        "declared": (
            {"归档": {"ok": "boolean"}, "登记 & 受理": {"cost": "float", "org:group": "string"}},
            {"case": {"size": "integer"}},
        ),
        "quarantined": [],
    }


def same_either_way(path):
    """Return what both readers make of a log; raise where they differ."""
    quick = eventlog.read(path)
    source = eventlog.source.locate(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xes_fast, "SEPARATORS", -1)  # nothing has the form of the fast reader now
        slow = eventlog.read(path)
    assert data(quick) == data(slow)
    assert source.form == "xml"
    return quick


ODD = {
    "single quotes": TRACE.replace('"07"', "'07'"),
    "attributes in another order": TRACE.replace('key="size" value="07"', 'value="07" key="size"'),
    "a comment": TRACE.replace("<event>", "<!-- </trace><trace> --><event>", 1),
    "spaces": TRACE.replace('"/>', '" />').replace("<event>", "<event >").replace('" value', '"\n\tvalue'),
    "references": TRACE.replace("一班", "&#x4e00;&#29677;"),
    "white space in a value": TRACE.replace("一班", "a\n\tb"),
    "an instruction": TRACE.replace("<event>", "<?x </trace>?><event>", 1),
    "another attribute": TRACE.replace('key="size"', 'key="size" id="1"'),
    "tags apart": TRACE.replace('key="size" value="07"/>', 'key="size" value="07"></int>'),
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD.keys())
def test_a_form_the_fast_reader_does_not_know_is_read_all_the_same(tmp_path, body):
    plain = data(eventlog.read(log(tmp_path, TRACE)))
    found = data(same_either_way(log(tmp_path, body)))
    if "a\n\tb" in body:
        plain["of_events"][1] = ("e1", "org:group", "a  b", "string")

    assert found == plain


def test_the_fast_reader_takes_what_programs_write():
    assert xes_fast.read(TRACE.encode()) is not None
    assert all(xes_fast.read(ODD[name].encode()) is not None for name in ("spaces", "references"))
    assert [name for name, body in ODD.items() if xes_fast.read(body.encode()) is None] == [
        "single quotes",
        "attributes in another order",
        "a comment",
        "an instruction",
        "another attribute",
        "tags apart",
    ]


WORD = st.text(st.sampled_from("ab \t\n\r&<>\"'中\U0001f600\ufffd"), max_size=4)
NAMES = st.sampled_from(["concept:name", "time:timestamp", "identity:id", "x", "y"]) | WORD
VALUES = WORD | st.sampled_from(
    ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5+08:00", "1", "true", "1.5", "?"]
)
TAGS = st.sampled_from(["string", "date", "int", "float", "boolean", "id"])


def _escaped(text, draw):
    named = {"&": "&amp;", "<": "&lt;", '"': "&quot;", ">": "&gt;", "\n": "&#10;"}
    return "".join(named.get(each, each) if each in '&<"' or draw(st.booleans()) else each for each in text)


@st.composite
def bodies(draw):
    """Return any traces, now and then with something unusual among them."""
    attribute = st.tuples(TAGS, NAMES, VALUES)
    shape = st.lists(
        st.tuples(st.lists(attribute, max_size=3), st.lists(st.lists(attribute, max_size=5), max_size=3))
    )

    def said(rows):
        out = ""
        for tag, key, value in rows:
            one = f'<{tag} key="{_escaped(key, draw)}" value="{_escaped(value, draw)}"'
            inner = draw(st.sampled_from(["", "", "", "", '<string key="in" value="a"/>', "<!-- -->"]))
            out += f"{one}>{inner}</{tag}>" if inner else f"{one}/>" + draw(st.sampled_from(["", "\n", "  "]))
        return out

    def element(name, inside):
        short = not inside and draw(st.booleans())
        return f"<{name}/>" if short else f"<{name}>{inside}</{name}>"

    return "".join(
        element("trace", said(own) + "".join(element("event", said(rows)) for rows in events))
        for own, events in draw(shape)
    )


@given(bodies(), st.sampled_from([HEAD, "<log>", HEAD.replace("<trace>", "trace", 1)]), st.integers(40, 2000))
def test_both_readers_give_the_same(tmp_path_factory, body, head, size):
    blocks = eventlog.source.Source.blocks
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(eventlog.source.Source, "blocks", lambda self, _=0: blocks(self, size))
        same_either_way(log(tmp_path_factory.getbasetemp(), body, head))


def test_stretches_are_cut_anywhere(tmp_path, monkeypatch):
    bodies = "".join(TRACE.replace("T1", f"T{n}") for n in range(40))
    path = log(tmp_path, bodies, HEAD.replace("<trace>", "trace", 1))
    whole = data(eventlog.read(path))
    blocks = eventlog.source.Source.blocks
    for size in (97, 350, 811, 4096):
        monkeypatch.setattr(eventlog.source.Source, "blocks", lambda self, _=0, size=size: blocks(self, size))
        source = eventlog.source.locate(path)

        assert data(eventlog.read(path)) == whole
        assert sum(batch.traces for batch in xes_stretches.read(source)) == 40


def test_what_lies_in_an_attribute_is_called_by_both_and_lists_by_their_key(tmp_path):
    nested = (
        '<string key="a" value="1"><string key="b" value="2"/></string>'
        '<list key="l"><values><int key="n" value="3"/></values></list>'
    )
    found = eventlog.read(log(tmp_path, TRACE.replace("<boolean", nested + "<boolean")))

    assert [row for row in data(found)["of_events"] if row[0] == "e2"] == [
        ("e2", "a", "1", "string"),
        ("e2", "a/b", "2", "string"),
        ("e2", "l/n", "3", "integer"),
        ("e2", "ok", "true", "boolean"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "aside"),
    [
        ('<date key="time:timestamp" value="2026-01-01T00:00:00Z"/>', "", ("event 2", "T1", "no_time")),
        ("2026-01-01T00:00:00Z", "2026-02-30T00:00:00Z", ("event 2", "T1", "bad_time")),
        ('<string key="concept:name" value="归档"/>', "", ("event 2", "T1", "no_activity")),
        ('value="true"', 'value="ja"', ("event 2", "ok", "attribute_value")),
        ('value="07"', 'value="many"', ("trace 1", "size", "attribute_value")),
        (
            '<boolean key="ok"',
            '<string key="concept:name" value="x"/><boolean key="ok"',
            ("event 2", "concept:name", "duplicate_attribute"),
        ),
    ],
)
def test_what_cannot_be_taken_is_set_aside_and_named(tmp_path, old, new, aside):
    assert same_either_way(log(tmp_path, TRACE.replace(old, new))).quarantined == [aside]


def test_a_trace_without_a_name_is_set_aside_with_its_events(tmp_path):
    body = TRACE + TRACE.replace('<string key="concept:name" value="T1"/>', "")
    found = same_either_way(log(tmp_path, body))

    assert found.quarantined == [
        ("trace 2", "trace", "trace_without_name"),
        ("event 3", "event", "trace_without_name"),
        ("event 4", "event", "trace_without_name"),
    ]


@pytest.mark.parametrize(
    ("body", "number"),
    [("<trace/>", 1), ("<trace></trace>", 1), (TRACE + "<trace/>", 2), ("<trace/>" + TRACE, 1)],
)
def test_an_empty_trace_is_not_passed_over(tmp_path, body, number):
    found = same_either_way(log(tmp_path, body, HEAD.replace("<trace>", "trace", 1)))

    assert found.quarantined == [(f"trace {number}", "trace", "trace_without_name")]


def test_a_name_that_comes_again_is_one_case_and_named(tmp_path):
    found = same_either_way(log(tmp_path, TRACE + TRACE.replace("07", "8")))

    assert found.quarantined == [("trace 2", "T1", "duplicate_trace")]
    assert (found.object_ids.to_pylist(), found.touch_object.tolist()) == (["T1"], [0, 0, 0, 0])
    assert data(found)["of_objects"] == [("T1", "size", "7", "integer", -1)]


def test_a_layout_makes_objects_of_attributes(tmp_path):
    things = (Things("org:group", "班组", "由", separator="、", prefix="班组:"), Things("没有", "x"))
    body = TRACE.replace("一班", "一班、 二班、一班")
    found = data(eventlog.read(log(tmp_path, body), Layout(case="工单", objects=things)))

    assert found["objects"] == [("T1", "工单"), ("班组:一班", "班组"), ("班组:二班", "班组")]
    assert found["touches"] == [
        ("e1", "T1", ""),
        ("e1", "班组:一班", "由"),
        ("e1", "班组:二班", "由"),
        ("e2", "T1", ""),
    ]


def test_one_id_of_two_types_is_named(tmp_path):
    wanted = Layout(objects=(Things("org:group", "班组"),))

    assert refused(lambda: eventlog.read(log(tmp_path, TRACE.replace("一班", "T1")), wanted)) == (
        "log_object_twice",
        {"file": "a.xes", "value": "T1", "types": ["case", "班组"]},
    )


def test_moments_without_a_zone_need_one(tmp_path):
    path = log(tmp_path, TRACE.replace("00:00Z", "00:00"))

    assert refused(lambda: eventlog.read(path)) == (
        "log_zone",
        {"file": "a.xes", "value": "2026-01-01T00:00:00", "count": 1},
    )
    assert eventlog.read(path, zone="Asia/Shanghai").at.tolist()[0] == 1_767_196_800_000_000
    assert eventlog.read(path, Layout(zone="Asia/Shanghai")).at.tolist()[0] == 1_767_196_800_000_000


@pytest.mark.parametrize(
    ("body", "tail", "code", "facts"),
    [
        (TRACE, "", "truncated_file", {"line": 23, "problem": "no element found"}),
        (TRACE[:200], "", "truncated_file", {"line": 14, "problem": "unclosed token"}),
        (TRACE.replace("</event>", "", 1), "</log>", "log_schema",
         {"line": 17, "element": "event", "within": "event"}),
        (TRACE.replace("<event>", "<event><foo/>", 1), "</log>", "log_schema",
         {"line": 11, "element": "foo", "within": "event"}),
        (TRACE.replace(' value="归档"', ""), "</log>", "log_schema",
         {"line": 18, "element": "string", "lacks": "value"}),
        (TRACE.replace("<event>", "words<event>", 1), "</log>", "log_schema", {"line": 11, "text": "words"}),
        (TRACE.replace("一班", "<"), "</log>", "log_unreadable",
         {"line": 13, "problem": "not well-formed (invalid token)"}),
        (TRACE.replace("一班", "&who;"), "</log>", "log_unreadable",
         {"line": 13, "problem": "undefined entity"}),
        (TRACE.replace("一班", "&#0;"), "</log>", "log_unreadable",
         {"line": 13, "problem": "reference to invalid character number"}),
    ],
)  # fmt: skip
def test_what_is_no_xes_is_refused_with_the_line(tmp_path, body, tail, code, facts):
    assert refused(lambda: eventlog.read(log(tmp_path, body, tail=tail))) == (code, {"file": "a.xes"} | facts)


def test_a_document_type_is_refused_and_nothing_outside_is_read(tmp_path):
    (tmp_path / "secret").write_text("secret", "utf-8")
    outside = f'<!DOCTYPE log [<!ENTITY a SYSTEM "{(tmp_path / "secret").as_uri()}">]>\n<log>'
    bomb = '<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>\n<log>'
    for head in (outside, bomb):
        path = log(tmp_path, TRACE.replace("一班", "&a;"), head=head)

        assert refused(lambda path=path: eventlog.read(path)) == ("log_doctype", {"file": "a.xes", "line": 1})


@pytest.mark.parametrize("codec", ["gbk", "utf-16", "gb18030", "utf-8-sig"])
def test_another_encoding_is_read_as_declared(tmp_path, codec):
    plain = data(eventlog.read(log(tmp_path, TRACE)))
    named = codec.removesuffix("-sig")
    path = tmp_path / "b.xes"
    path.write_bytes((HEAD.replace("UTF-8", named) + TRACE + "</log>").encode(codec))

    assert data(eventlog.read(path)) == plain


def test_another_encoding_than_declared_is_named(tmp_path):
    path = tmp_path / "a.xes"
    path.write_bytes((HEAD + TRACE + "</log>").encode("gbk"))
    other = tmp_path / "b.xes"
    other.write_bytes((HEAD.replace("UTF-8", "gbk") + TRACE + "</log>").encode())
    third = tmp_path / "c.xes"
    third.write_text(HEAD.replace("UTF-8", "unicode_escape") + TRACE + "</log>", "utf-8")

    assert refused(lambda: eventlog.read(path)) == (
        "log_unreadable",
        {"file": "a.xes", "line": 12, "problem": "not well-formed (invalid token)"},
    )
    assert refused(lambda: eventlog.read(third)) == (
        "bad_encoding",
        {"file": "c.xes", "encoding": "unicode_escape"},
    )


def test_a_packed_log_is_read_a_cut_one_and_a_bomb_are_refused(tmp_path):
    whole = gzip.compress((HEAD + TRACE + "</log>").encode())
    path, cut, bomb = (tmp_path / name for name in ("a.xes.gz", "b.xes.gz", "c.xes.gz"))
    path.write_bytes(whole)
    cut.write_bytes(whole[:-20])
    bomb.write_bytes(gzip.compress(b"<log>" + b" " * (80 << 20)))

    assert data(eventlog.read(path)) == data(eventlog.read(log(tmp_path, TRACE)))
    assert refused(lambda: eventlog.read(cut)) == ("truncated_file", {"file": "b.xes.gz"})
    assert refused(lambda: eventlog.read(bomb))[0] == "zip_bomb"


@pytest.mark.parametrize("ending", ["xes", "xes.gz"])
def test_a_log_of_one_type_is_written_and_read_again(tmp_path, ending):
    body = TRACE + TRACE.replace("T1", 'T&quot;2"'.replace('"', "&#9;"))
    first = eventlog.read(log(tmp_path, body))
    eventlog.write(first, tmp_path / f"b.{ending}")

    assert data(same_either_way(tmp_path / f"b.{ending}")) == data(first)


def test_xes_goes_through_ocel_and_back(tmp_path):
    first = eventlog.read(log(tmp_path, TRACE))
    eventlog.write(first, tmp_path / "a.sqlite")
    eventlog.write(eventlog.read(tmp_path / "a.sqlite"), tmp_path / "b.xes")

    assert data(eventlog.read(tmp_path / "b.xes")) == data(first)


def test_layouts_say_what_is_wrong_with_them(tmp_path):
    path = tmp_path / "l.toml"
    for text, facts in (
        ("activity = 1", {"key": "activity", "problem": "no text"}),
        ("[[objects]]\ntype = 'x'", {"key": "objects[0].column", "problem": "missing"}),
        ("delimiter = ';;'", {"key": "delimiter", "problem": "more than one character"}),
    ):
        path.write_text(text, "utf-8")

        assert refused(lambda: layout_file.read(path)) == ("log_layout", {"file": "l.toml"} | facts)
    path.write_text('zone = "Nowhere"', "utf-8")
    assert refused(lambda: layout_file.read(path)) == ("unknown_value", {"field": "zone", "value": "Nowhere"})
    assert refused(lambda: xes_strict.read([b"<a/>"], "x").__next__())[0] == "log_schema"


@pytest.mark.parametrize("length", range(900, 2100, 41))
def test_a_log_that_is_cut_off_says_where_whichever_reader_takes_it(tmp_path, length):
    path = tmp_path / "a.xes"
    path.write_bytes((HEAD + TRACE * 3).encode()[:length])
    source = Source(path, packed=False, form="xml", encoding="utf-8")

    said = refused(lambda: list(xes_stretches.strict(source)))
    assert refused(lambda: eventlog.read(path)) == said
