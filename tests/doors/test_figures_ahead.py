"""Figures drawn ahead: nobody waits for them, and no page shows them as younger than they are."""

import os
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from suyuan.domain.errors import BadInput
from suyuan.jobs import ahead as jobs
from suyuan.store import lake
from suyuan.web import ahead, calls, figures
from suyuan.web.figures import Stand

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(second=20, microsecond=0)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Begin and end with nothing asked and nothing drawn."""
    ahead.drop()
    ahead._asked.clear()
    lake.refresh()
    yield
    ahead.drop()
    ahead._asked.clear()


def exported(at: Stand) -> None:
    """Export once more, so that the file system sees it too."""
    lake.refresh()
    os.utime(f"{at.folder}/manifest.json", ns=(at.stamp + 10**9, at.stamp + 10**9))


def draw(at: Stand) -> int:
    """Draw everything that is due for a stand, and return how many figures."""
    return len([figure() for figure in ahead.due(at)])


def test_without_anybody_drawing_a_page_has_the_newest() -> None:
    at = figures.stand(NOW)
    figures.rows(at, "2025-10", "/")
    exported(at)
    assert figures.stand(NOW) == figures.newest(NOW) != at


def test_a_page_shows_what_is_drawn_until_the_next_is() -> None:
    at = figures.stand(NOW)
    asked = figures.rows(at, "2025-10", "/"), calls._found(at, ("/",))
    assert draw(figures.newest(NOW)) == 2
    exported(at)
    kept, newest = figures.stand(NOW + MINUTE), figures.newest(NOW + MINUTE)
    assert (kept, kept.exported_at) == (at, at.exported_at)
    assert draw(newest) == 2
    assert figures.stand(NOW + MINUTE) == newest
    hits = figures.rows.__wrapped__.cache_info().hits
    assert (figures.rows(newest, "2025-10", "/"), calls._found(newest, ("/",))) == asked
    assert figures.rows.__wrapped__.cache_info().hits == hits + 1


def test_nothing_is_drawn_twice_for_one_export_until_it_is_old() -> None:
    figures.rows(figures.stand(NOW), "2025-10", "/")
    at = figures.newest(NOW)
    counts = [draw(figures.newest(NOW + n * MINUTE)) for n in range(3)]
    assert (counts, at.stamp) == ([1, 0, 1], figures.stand(NOW + 2 * MINUTE).stamp)


@pytest.mark.parametrize("gone", [timedelta(minutes=3), -MINUTE])
def test_what_was_drawn_long_ago_or_for_later_is_not_shown(gone: timedelta) -> None:
    figures.rows(figures.stand(NOW), "2025-10", "/")
    draw(figures.newest(NOW))
    assert figures.stand(NOW + gone) == figures.newest(NOW + gone)


def test_who_asks_for_the_newest_gets_it_and_so_do_those_whose_files_are_gone() -> None:
    def drawn() -> Stand:
        figures.rows(figures.newest(NOW), "2025-10", "/")
        draw(at := figures.newest(NOW))
        exported(at)
        return at

    first = drawn()
    assert figures.stand(NOW) == first
    ahead.drop()
    assert figures.stand(NOW).stamp > first.stamp
    second = drawn()
    assert figures.stand(NOW) == second
    for path in second.files():
        path.unlink()
    assert figures.stand(NOW) == figures.newest(NOW)


def test_a_figure_that_fails_stops_none_after_it(caplog: pytest.LogCaptureFixture) -> None:
    at = figures.stand(NOW)
    figures.rows(at, "2025-10", "/")
    with pytest.raises(BadInput, match="no_such"):
        figures.trend(at, "no_such", "2025-10", "/")
    figures.complaints(at, "2025-10", "/")

    stop = threading.Event()

    def due() -> Iterator[Callable[[], object]]:
        stop.set()
        return ahead.due(figures.newest(NOW))

    jobs.keep(stop, due, 0.001)

    assert caplog.messages == ["a figure was not drawn ahead"]
    assert (ahead._drawn, draw(figures.newest(NOW))) == ([figures.newest(NOW)], 0)
    hits = figures.rows.__wrapped__.cache_info().hits
    figures.rows(figures.newest(NOW), "2025-10", "/")
    assert figures.rows.__wrapped__.cache_info().hits == hits + 1


def test_one_failure_does_not_end_the_drawing(caplog: pytest.LogCaptureFixture) -> None:
    stop = threading.Event()
    done: list[int] = []

    def due() -> list[Callable[[], object]]:
        done.append(1)
        if len(done) == 1:
            raise OSError
        stop.set()
        return []

    thread = threading.Thread(target=jobs.keep, args=(stop, due, 0.001))
    thread.start()
    thread.join(10)
    assert (len(done), caplog.messages) == (2, ["figures were not drawn ahead"])
