"""What a crash leaves of the spool: half a line, half a character, a row twice."""

import pytest

from suyuan.actions.imports.spool import Spool

FIRST = (3, [("受理时间", "不是时间", "bad_date", "")], ["一", "二"])
SECOND = (9, [("业务类型", "没有", "unknown_business_type", "")], ["三"])


@pytest.mark.parametrize("cut", range(1, 60))
def test_a_line_cut_anywhere_loses_itself_alone(tmp_path, cut):
    spool = Spool(tmp_path / "quarantine" / "1.jsonl")
    spool.add([FIRST])
    whole = spool.path.read_bytes()
    spool.path.write_bytes(whole[: -min(cut, len(whole) - 1)])

    spool.add([SECOND])

    assert spool.rows()[-1] == SECOND
    spool.add([FIRST])
    assert spool.rows() == [FIRST, SECOND]


def test_a_row_spooled_twice_is_kept_once(tmp_path):
    spool = Spool(tmp_path / "1.jsonl")

    spool.add([FIRST, SECOND])
    spool.add([FIRST])

    assert spool.rows() == [FIRST, SECOND]
