"""The folders that messages lie in on their way through an isolation gateway are for their owner alone."""

import pytest

from suyuan.actions.notice._carriers import carrier
from suyuan.config.home import home
from suyuan.gateways.carriers import file as files
from suyuan.store.models import Channel


def modes(path, *, up_to) -> list[int]:
    """Return the modes of a file and of every folder above it, down from ``up_to``."""
    chain = [path, *(folder for folder in path.parents if folder.is_relative_to(up_to) and folder != up_to)]
    return [each.stat().st_mode & 0o777 for each in reversed(chain)]


def test_every_folder_on_the_way_to_a_file_is_made_for_its_owner_alone(tmp_path):
    path = tmp_path / "outbox" / "out" / "drop" / "a.csv"
    files.put(path, b"13912345678")

    assert modes(path, up_to=tmp_path) == [0o700, 0o700, 0o700, 0o600]


@pytest.mark.django_db
@pytest.mark.usefixtures("own_secrets")
def test_a_folder_that_an_earlier_edition_left_open_is_closed():
    (home() / "outbox").mkdir(mode=0o755)
    carrier(Channel(code="drop", carrier="file"))

    assert (home() / "outbox").stat().st_mode & 0o777 == 0o700
