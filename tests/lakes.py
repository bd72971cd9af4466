"""A lake brought up to date from the cases a test has made, and nothing left over from other tests."""

import shutil

from suyuan.store import lake


def fresh_lake() -> None:
    """Export every case there is into an empty lake."""
    shutil.rmtree(lake.folder(), ignore_errors=True)
    lake.refresh()
