"""Make this checkout the `suyuan` of the environment that runs this script: no build, no network."""

import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMAND = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys

from suyuan.cli.main import main

if __name__ == "__main__":  # an import's second process reads this file again
    sys.exit(main())
"""


def main() -> None:
    """Write the path file and the command."""
    packages = Path(sysconfig.get_path("purelib"))
    (packages / "suyuan.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    command = Path(sysconfig.get_path("scripts")) / "suyuan"
    command.unlink(missing_ok=True)
    command.write_text(COMMAND.format(python=sys.executable), encoding="utf-8")
    command.chmod(0o755)


if __name__ == "__main__":
    main()
