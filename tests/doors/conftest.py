"""What the tests of the doors share."""

import pytest

from suyuan.cli.main import main


@pytest.fixture
def suyuan(capsys):
    """Run the command line; return its exit code, what it printed, and what it said aside."""

    def run(*arguments):
        code = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code or 0
        said = capsys.readouterr()
        return code, said.out, said.err

    return run
