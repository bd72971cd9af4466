"""``suyuan audit``: whole chains are exit 0, a broken one exit 2 naming where."""

import json
from datetime import date

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store.models import Anchor, Case, Event
from tests.factories import case_at

pytestmark = pytest.mark.django_db


def test_whole_chains_are_counted(suyuan):
    case_at("registered"), case_at("dispatched")
    suyuan("audit", "anchor")

    code, out, err = suyuan("audit", "verify", "--json")

    jsonschema.validate(json.loads(out), of("audit verify"))
    assert (code, json.loads(out), err) == (0, {"streams": 2, "events": 5, "anchors": 1, "ok": True}, "")


def test_an_empty_home_verifies(suyuan):
    code, out, _ = suyuan("audit", "verify", "--json")

    assert (code, json.loads(out)) == (0, {"streams": 0, "events": 0, "anchors": 0, "ok": True})


def test_in_words_it_says_the_same(suyuan):
    case_at("registered")

    assert suyuan("audit", "verify") == (0, "1 chains, 2 events, 0 anchors hold\n", "")


def test_a_changed_event_is_named_and_exit_is_2(suyuan):
    case = case_at("dispatched")
    Event.objects.filter(seq=2).update(actor="somebody")

    code, out, err = suyuan("audit", "verify", "--json")

    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "chain_broken" in err
    assert f"case:{case.number}" in err
    assert "seq=2" in err


def test_a_tail_cut_off_is_seen_by_the_anchor(suyuan):
    case_at("dispatched")
    suyuan("audit", "anchor")
    Event.objects.order_by("-seq").first().delete()

    code, out, err = suyuan("audit", "verify", "--json")

    assert (code, out, "event_missing" in err) == (2, "", True)


def test_a_tail_cut_off_with_its_case_put_back_is_seen_by_the_anchor(suyuan):
    case = case_at("dispatched")
    suyuan("audit", "anchor")
    last = Event.objects.order_by("-seq").first()
    before = last.pk - 1
    last.delete()
    Case.objects.filter(pk=case.pk).update(changed_event=before)

    code, out, err = suyuan("audit", "verify", "--json")

    assert (code, out, "heads_differ" in err) == (2, "", True)


def test_a_digest_kept_elsewhere_gives_away_that_the_anchors_are_gone(suyuan):
    case_at("dispatched")
    kept = json.loads(suyuan("audit", "anchor", "--json")[1])["digest"]
    assert suyuan("audit", "verify", "--anchor", kept, "--json")[0] == 0
    Anchor.objects.all().delete()

    code, out, err = suyuan("audit", "verify", "--anchor", kept, "--json")

    assert (code, out, "kept_anchor_missing" in err) == (2, "", True)


def test_anchor_prints_the_digest_to_keep_elsewhere(suyuan):
    case_at("registered")

    code, out, err = suyuan("audit", "anchor", "--json")

    answer, made = json.loads(out), Anchor.objects.get()
    jsonschema.validate(answer, of("audit anchor"))
    assert (code, err) == (0, "")
    assert answer == {"on": made.on.isoformat(), "streams": 1, "digest": made.digest}
    assert date.fromisoformat(answer["on"])
    assert suyuan("audit", "anchor")[1] == f"{answer['on']} {made.digest}\n"
