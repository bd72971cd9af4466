"""What every test stands on: a home of its own, no network, and what is missing said in plain words."""

import atexit
import gc
import ipaddress
import os
import shutil
import socket
import sqlite3
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import django
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils import translation
from hypothesis import HealthCheck, settings

from tests import emptied, ready

gc.disable()  # until all is collected: see pytest_collection_finish
# Whoever counts at the very end what was not freed complains, unless all is. A worker is not taken apart.
atexit.register(partial(os._exit, 0) if "PYTEST_XDIST_WORKER" in os.environ else gc.unfreeze)

HOME = Path(tempfile.mkdtemp(prefix="suyuan-test-"))
os.environ["SUYUAN_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "suyuan.config.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop running in the test's thread
django.setup()
from suyuan.config.home import DATABASE  # noqa: E402 it wants Django set up
from suyuan.store import keyring  # noqa: E402 same

keyring.first()
(HOME / DATABASE).touch()  # there is an installation, though its database is elsewhere
emptied.instead_of_flush()
PBKDF2PasswordHasher.iterations = 100  # a test signs in; it holds off nobody who guesses

settings.register_profile(
    "test",
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
settings.register_profile("soak", settings.get_profile("test"), max_examples=3_000, derandomize=False)
settings.load_profile(
    "test"
)  # a change is tried with the same examples as the one before; a soak with others

LONG = (
    "test_web_axe",
    "test_access_matrix",
    "test_plans",
    "test_board",
    "test_worksheets",
    "test_web_lists",
    "test_zero_readings",
    "test_cli_fresh",
    "test_import_resume",
    "test_measures_reference",
    "test_measures_golden",
    "test_backup_and",
    "test_workers_killed",
    "test_lake",
    "test_layout_export",
    "test_papers",
    "test_privacy_retention",
    "test_listing",
    "test_required_marks",
    "test_migrations",
)
"""Files that take longest: they are begun first."""

VERBS = {Path(__file__).parent / "actions", Path(__file__).parent / "journeys"}
BOTH = ("test_lists", "test_notice", "test_sweep", "test_walk")
"""Files of verbs that run on both databases as they are."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
POSSIBLE = {"postgres", "chromium"}
REQUIRED = set(filter(None, os.environ.get("SUYUAN_REQUIRE", "").split(",")))


def chromium() -> str | None:
    """Return the path of the browser on this machine, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def on_postgres() -> bool:
    """Return whether this run's database is PostgreSQL."""
    return os.environ.get("SUYUAN_DATABASE_URL", "").startswith("postgres")


def pytest_configure(config: pytest.Config) -> None:
    if unknown := REQUIRED - POSSIBLE:
        raise pytest.UsageError(f"SUYUAN_REQUIRE knows {sorted(POSSIBLE)}, not {sorted(unknown)}")
    if "chromium" in REQUIRED and not chromium():
        raise pytest.UsageError(f"SUYUAN_REQUIRE=chromium, and none of {', '.join(BROWSERS)} is installed")


def done_on_postgres(item: pytest.Item) -> bool:
    """Return whether the run on PostgreSQL, which is required, does a verb or a journey for this one.

    Who commits, races or is killed is tried on both, and who writes many rows by SQL of our own: there the
    databases differ.
    """
    if "postgres" not in REQUIRED or on_postgres() or VERBS.isdisjoint(item.path.parents):
        return False
    if (
        item.path.name.startswith(BOTH)
        or item.get_closest_marker("once")
        or item.get_closest_marker("skipif")
    ):
        return False
    mark = item.get_closest_marker("django_db")
    commits = mark is not None and bool(mark.kwargs.get("transaction"))
    return not commits and not {"transactional_db", "shared_base"} & set(getattr(item, "fixturenames", ()))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if elsewhere := [item for item in items if done_on_postgres(item)]:
        items[:] = [item for item in items if not done_on_postgres(item)]
        config.hook.pytest_deselected(items=elsewhere)
    items.sort(
        key=lambda item: not item.path.name.startswith(LONG)
    )  # the last file must not keep one core idle
    no_browser = pytest.mark.skip(reason=f"no browser: none of {', '.join(BROWSERS)} is installed")
    not_postgres = pytest.mark.skip(reason="asks PostgreSQL itself; `make test` runs it there")
    long = pytest.mark.skip(reason="takes long; `make test-long` runs it")
    once = pytest.mark.skip(reason="asks no database anything of its own: SQLite has done it")
    for item in items:
        if item.get_closest_marker("once") and on_postgres():
            item.add_marker(once)
        if item.get_closest_marker("long") and not os.environ.get("SUYUAN_LONG"):
            item.add_marker(long)
        if item.get_closest_marker("browser") and not chromium():
            item.add_marker(no_browser)
        if item.get_closest_marker("postgres") and not on_postgres():
            item.add_marker(not_postgres)


def pytest_collection_finish() -> None:
    """Leave what all tests stand on out of every later look for garbage, the last too; look less often."""
    gc.freeze()
    gc.set_threshold(20_000, 10, 50)
    gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def stay_home(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", stay_home)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Begin with a database that is up to date, so that no worker has to migrate its own."""
    from django.conf import settings

    if on_postgres():
        test = settings.DATABASES["default"].setdefault("TEST", {})
        test["TEMPLATE"] = ready.on_server(os.environ["SUYUAN_DATABASE_URL"])
        yield
    else:
        with ready.in_memory():
            yield


@pytest.fixture
def no_files_handed_in() -> None:
    """Begin without the files that other tests handed in: a shredding looks at every one."""
    from suyuan.config.home import home

    for name in ("quarantine", "uploads", "taken_out"):
        shutil.rmtree(home() / name, ignore_errors=True)


@pytest.fixture
def own_secrets(tmp_path, monkeypatch) -> Iterator[None]:
    """Give a test a home, and keys, of its own: one that is changed or destroyed reaches no other test."""
    from suyuan.store import keyring, seal

    monkeypatch.setenv("SUYUAN_HOME", str(tmp_path))
    keyring.forget(), seal.forget()
    keyring.first()
    yield
    keyring.forget(), seal.forget()


@pytest.fixture(autouse=True)
def forget_language() -> Iterator[None]:
    """Speak the default language again: what a page was asked in stays in its thread."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def forget_committed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Forget what a test committed: flushing leaves the search index, and the editions known to be stored."""
    mark = request.node.get_closest_marker("django_db")
    asks = {"transactional_db", "live_server"} & set(request.fixturenames)
    commits = bool(asks) or (mark is not None and bool(mark.kwargs.get("transaction")))
    if commits:
        request.getfixturevalue("transactional_db")
    yield
    if commits:
        from django.db import connection

        from suyuan.store import rules

        rules.forget()
        sqlite = "INSERT INTO store_search(store_search) VALUES ('delete-all')"
        with connection.cursor() as cursor:
            cursor.execute(sqlite if connection.vendor == "sqlite" else "TRUNCATE store_search")


@pytest.fixture
def shared_base(tmp_path: Path, transactional_db: object) -> Iterator[None]:
    """Give every thread its own connection to one database; in memory SQLite has no such thing."""
    from django.db import connection, connections

    if connection.vendor != "sqlite":
        yield
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM store_search")
        return
    memory, known = connections["default"], connections.settings["default"]
    memory.ensure_connection()
    file = sqlite3.connect(tmp_path / "base.sqlite3")
    memory.connection.backup(file)
    file.close()
    connections.settings["default"] = known | {"NAME": tmp_path / "base.sqlite3"}
    connections["default"] = connections.create_connection("default")
    yield
    connections["default"].close()
    connections.settings["default"] = known
    connections["default"] = memory


@pytest.fixture
def base_for_processes(shared_base: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let processes of their own work on the test's database, and leave none with another test's settings."""
    import multiprocessing.forkserver
    from urllib.parse import quote

    from django.db import connection

    given = connection.settings_dict
    place = f"postgres://{given['USER']}@{quote(given['HOST'], safe='')}/{given['NAME']}"
    if connection.vendor == "sqlite":
        place = f"sqlite:///{given['NAME']}"
    monkeypatch.setenv("SUYUAN_DATABASE_URL", place)
    yield
    multiprocessing.forkserver._forkserver._stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Start the machine's Chromium once; each test opens its own context in it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser) -> Iterator[object]:
    """Open a fresh 1280 px page that speaks Chinese and keeps nothing from other tests."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    context.set_default_timeout(90_000)  # whoever else is at work on this machine
    yield context.new_page()
    context.close()
