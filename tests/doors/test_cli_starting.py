"""What takes a while to start says at once what it does."""

import os
import socket

import pytest
from click.testing import CliRunner

from suyuan.cli import demo, errors, serve
from suyuan.config.home import home


@pytest.fixture
def taken():
    """Return a port that somebody else listens at."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.mark.parametrize("command", [demo.demo, demo.run_orders], ids=["demo", "run-orders"])
def test_before_anything_is_read_it_says_that_it_starts(monkeypatch, taken, command):
    monkeypatch.setenv("SUYUAN_DEMO", "1")
    monkeypatch.setenv("SUYUAN_ORIGINS", "")  # so that it is put back
    monkeypatch.delenv("SUYUAN_ORIGINS")
    given = [] if command is demo.demo else ["orders.xlsx"]

    ran = CliRunner().invoke(command, [*given, "--port", str(taken)])

    assert ran.output.splitlines() == [f"正在启动，数据目录 {home()}"]
    assert errors.line(ran.exception) == f"port_taken: port={taken}"
    assert os.environ["SUYUAN_ORIGINS"] == f"http://127.0.0.1:{taken}"  # what a printed card names


@pytest.mark.django_db
def test_serve_says_so_too(settings):
    settings.DEMO = True

    run = CliRunner().invoke(serve.serve, ["--host", "192.0.2.1"])

    assert run.output.splitlines() == [f"正在启动，数据目录 {home()}"]
    assert errors.line(run.exception) == "demo_is_local: host=192.0.2.1"
