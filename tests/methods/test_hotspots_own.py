"""The home's own orders as trees of counts: what is a node, what it is called, what lies at it."""

import numpy as np
import pyarrow as pa

from suyuan.analytics.hotspots import own
from suyuan.analytics.hotspots.own import Least, Where

PLACES = (
    ("/01/11/111/", "L1", "A1", "complaint", "outage", "outage.repair", "outage.repair.overtime"),
    ("/01/11/111/", "L1", "A2", "repair", "", "", ""),
    ("/01/11/112/", "", "", "repair", "", "", ""),
    ("/01/12/", "L2", "A3", "consult", "", "", ""),
)


def counts(many):
    rows = [(*place, 20_000 + at, n) for place, n in zip(PLACES, many, strict=True) for at in range(2)]
    columns = dict(zip((*own.PLACE, "day", "n"), zip(*rows, strict=True), strict=True))
    return own.of_rows(pa.table(columns | {"day": pa.array(columns["day"], pa.date32())}))


def keys(many, **least):
    tree = own.tree(counts(many), Least(**({"events": 1, "nodes": 99, "a_day": 99} | least)))
    return dict(zip(map(own.key, tree.names), (tree.below @ np.array(many)).tolist(), strict=True)), tree


def test_units_lines_areas_kinds_and_pairs_are_nodes_but_not_units_with_lines():
    found, _ = keys([5, 4, 3, 2])

    assert found["all"] == 14
    assert (found["unit:11"], found["unit:111"], found.get("line:L1")) == (12, 9, None)
    assert found["line:L1/area:A1+category:outage.repair.overtime"] == 5
    assert found["unit:11+type:repair"] == 7
    assert not [key for key in found if "unit:" in key and "line:" in key]


def test_of_nodes_with_the_same_places_only_the_one_that_says_most_is_looked_at():
    found, tree = keys([5, 4, 3, 2])

    of_the_first = [key for key, node in zip(found, tree.names, strict=True) if found[key] == 5]
    assert of_the_first == ["line:L1/area:A1+category:outage.repair.overtime"]


def test_nodes_with_few_orders_and_more_nodes_than_can_be_looked_at_are_left_to_those_above():
    assert min(n for key, n in keys([5, 4, 3, 2], events=9)[0].items() if key != "all") >= 5
    few, _ = keys([5, 4, 3, 2], nodes=2)
    assert set(few) >= {"all", "unit:11"}
    assert len(few) <= 3


def test_a_branch_with_few_orders_has_the_season_of_the_whole():
    _, tree = keys([5, 4, 3, 2], a_day=1000)
    assert set(tree.branches) == {()}
    _, tree = keys([5, 4, 3, 2], a_day=5)
    seasons = {own.key(tree.names[at]) for group in tree.branches for at in group}
    assert seasons == {"unit:11", "type:complaint", "type:repair"}


def test_where_a_node_lies_is_told_with_the_units_all_have_above_them():
    shared = own.above(PLACES)
    node = (("unit:11", "unit:111"), ("line:L1",), ("type:complaint", "category:outage"))

    assert shared == ("01",)
    assert own.where(node, shared) == Where("/01/11/111/", "L1", "", "complaint", "outage")
    assert own.above(PLACES[:1]) == ("01", "11", "111")
    assert own.leaves(PLACES[:1])[0][0] == ()
